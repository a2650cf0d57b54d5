"""The earliest time that binds the work itself; what names a plan, a start or a cycle does not."""

import pytest

from giaoban.reading import read

LETTERHEAD = "UBND TỈNH SƠN HÀ\n\nSố: 12/KH-UBND\n\nSơn Hà, ngày 10 tháng 02 năm 2024\n\nKẾ HOẠCH\n\nII. NHIỆM VỤ\n\n"


def due(sentence, head=LETTERHEAD):
    (task,) = read(f"{head}1. {sentence}")["tasks"]
    return task["due"], task["due_text"]


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Các trường báo cáo kết quả về Sở trước ngày 15/3/2024.", "2024-03-15"),
        ("Các trường báo cáo kết quả về Sở trước ngày 15/3.", "2024-03-15"),
        ("Rà soát cơ sở vật chất, hoàn thành trong tháng 4 năm 2024.", "2024-04-30"),
        ("Tổ chức tập huấn cho giáo viên trong quý II/2024.", "2024-06-30"),
        ("Hoàn thành hồ sơ phổ cập chậm nhất ngày 30 tháng 9 năm 2024.", "2024-09-30"),
        ("Rà soát, bổ sung quy hoạch xong trước 31/12/2024.", "2024-12-31"),
        ("Tổ chức sơ kết trong học kỳ I năm học 2024-2025.", "2025-01-15"),
        ("Xây dựng nhà vệ sinh trường học trong năm 2024.", "2024-12-31"),
        ("Triển khai khảo sát từ ngày 01/3 đến ngày 20/3/2024.", "2024-03-20"),
        ("Tổng hợp danh sách, gửi về Phòng trước thứ Sáu, ngày 22/3/2024.", "2024-03-22"),
        ("Rà soát học sinh bỏ học. Thời gian hoàn thành: trước 25/02/2024.", "2024-02-25"),
        ("Báo cáo Sở trước ngày 10/3/2024; tổng kết trước ngày 30/5/2024.", "2024-03-10"),
    ],
)
def test_deadlines(sentence, day):
    assert due(sentence)[0] == day


@pytest.mark.parametrize(
    "sentence",
    [
        "Thực hiện nghiêm Công văn số 215/SGDĐT-VP ngày 05/01/2024 của Sở.",
        "Tiếp tục thực hiện tốt các nhiệm vụ năm học 2023-2024.",
        "Xây dựng kế hoạch, lộ trình phổ cập giáo dục cho trẻ 4 tuổi vào năm 2028.",
        "Triển khai dạy học 2 buổi/ngày từ năm học 2024-2025.",
        "Kiểm tra việc thu chi hằng năm theo quy định.",
        "Thực hiện Đề án giai đoạn 2021-2025.",
        "Chỉ đạo sửa chữa phòng học trong hè.",
        "Tổ chức các hoạt động chào mừng Ngày Nhà giáo Việt Nam 20/11.",
    ],
)
def test_no_deadline(sentence):
    assert due(sentence)[0] is None


def test_words_are_kept_beside_the_day():
    assert due("Rà soát cơ sở vật chất, hoàn thành trong tháng 4 năm 2024.") == (
        "2024-04-30",
        "hoàn thành trong tháng 4 năm 2024",
    )
    assert due("Chỉ đạo sửa chữa phòng học trong hè.") == (None, "trong hè")
    assert due("Triển khai dạy học 2 buổi/ngày từ năm học 2024-2025.") == (None, "từ năm học 2024-2025")


def test_a_school_year_heading_of_a_road_map_binds_the_items_below():
    text = "Lộ trình thực hiện như sau:\n\n(1) Năm học 2025-2026\n\n- Lựa chọn các trường thí điểm.\n\n- Tổ chức tập huấn.\n"
    assert [task["due"] for task in read(text)["tasks"]] == ["2026-05-31", "2026-05-31"]


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Gửi báo cáo về Phòng trước 16 giờ ngày 09/4/2024.", "2024-04-09"),
        ("Tổng hợp danh sách đăng ký thi trước 16h00 ngày 23/4.", "2024-04-23"),
        ("Tổng hợp nhu cầu sách gửi về Sở trước 20.8.", "2024-08-20"),
        ("Tham mưu kế hoạch kiểm tra, trình lãnh đạo ngày 10/3.", "2024-03-10"),
        ("Chuẩn bị lớp học đón đoàn kiểm tra ngày 20/12/2024.", "2024-12-20"),
        ("Báo cáo kết quả trước ngày 10 tháng 12 hằng năm.", None),
        ("Tổ chức các hoạt động kỷ niệm Ngày 20/11.", None),
        ("Hướng dẫn các trường tổ chức lễ khai giảng 05/9/2024 gọn nhẹ.", None),
        ("Thực hiện nội dung đã thống nhất tại cuộc họp ngày 03/02/2024.", None),
        ("UBND các huyện hoàn thành quy hoạch trong năm 2024.", "2024-12-31"),
    ],
)
def test_days_that_bind_and_days_that_do_not(sentence, day):
    assert due(sentence)[0] == day


def test_a_day_and_month_take_the_year_of_the_meeting_told_before():
    text = (
        "Sáng 08/6/2023, UBND phường tổ chức hội nghị tổng kết năm học 2022-2023. Thời gian tới, UBND phường giao các "
        "trường rà soát đối tượng phổ cập trước ngày 15/7.\n"
    )
    (task,) = read(text)["tasks"]
    assert task["due"] == "2023-07-15"
