"""The meeting a document tells of: kind, days, chairs. One that is only ordered or cited is none."""

import pytest

from giaoban.reading import read


def meeting(text):
    found = read(text)["meeting"]
    return found and (found["kind"], found["dates"], found["chairs"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ngày 22/02/2024, dưới sự chủ trì của đồng chí Nguyễn Mạnh Tường - Chủ tịch UBND huyện, đã tổ chức Hội nghị "
            "giao ban công tác Giáo dục quý I.",
            ("giao_ban", ["2024-02-22"], ["Nguyễn Mạnh Tường"]),
        ),
        (
            "Sáng ngày 22 tháng 01 năm 2019, Sở tổ chức Hội nghị sơ kết học kỳ I. Bà Nguyễn Thị Thanh, Tỉnh ủy viên, "
            "Giám đốc Sở, chủ trì Hội nghị.",
            ("so_ket", ["2019-01-22"], ["Nguyễn Thị Thanh"]),
        ),
        (
            "13/09/2023\n\nTập huấn cán bộ quản lý giáo dục tiểu học\n\nTừ ngày 13 - 15/9, Sở Giáo dục và Đào tạo tổ chức "
            "Hội nghị tập huấn cán bộ quản lý cho lãnh đạo các trường trong tỉnh.",
            ("tap_huan", ["2023-09-13", "2023-09-15"], []),
        ),
        (
            "Ngày 30/3/2021, đồng chí Hoàng Văn Dân - Chủ tịch UBND huyện, chủ trì buổi làm việc với Ngành Giáo dục huyện.",
            ("lam_viec", ["2021-03-30"], ["Hoàng Văn Dân"]),
        ),
        (
            "Chiều 20/8/2025, Sở tổ chức Hội nghị tổng kết năm học 2024-2025 và triển khai nhiệm vụ năm học 2025-2026. "
            "Đến dự có đồng chí Lê Văn An - Phó Chủ tịch UBND tỉnh; đồng chí Bế Thị Vân - Giám đốc Sở chủ trì Hội nghị.",
            ("tong_ket", ["2025-08-20"], ["Bế Thị Vân"]),
        ),
        (
            "Ngày 19/5/2025, Đảng ủy tham gia Hội nghị giao ban trực tuyến. Hội nghị do đồng chí Nguyễn Trọng Nhân, Trưởng "
            "ban Tuyên giáo chủ trì.",
            ("giao_ban", ["2025-05-19"], ["Nguyễn Trọng Nhân"]),
        ),
        (
            "Ngày 05/9/2025, UBND xã tổ chức hội nghị triển khai nhiệm vụ năm học mới. Các đồng chí: Lò Văn Bun - Chủ tịch "
            "UBND xã; Vàng A Sình - Bí thư Đảng ủy đồng chủ trì hội nghị.",
            ("trien_khai", ["2025-09-05"], ["Lò Văn Bun", "Vàng A Sình"]),
        ),
        (
            "Chiều 31/10/2025, Đảng ủy xã tổ chức Hội nghị giao ban bí thư chi bộ. Dự và chủ trì Hội nghị có đồng chí Lò Văn Hoàn - Bí thư "
            "Đảng ủy; đồng chí Vũ Lê Thuận - Phó Bí thư; cùng các đồng chí Nguyễn Văn Tám - Trưởng thôn.",
            ("giao_ban", ["2025-10-31"], ["Lò Văn Hoàn", "Vũ Lê Thuận"]),
        ),
        (
            "10/12/2018\n\nBồi dưỡng chuyên môn cho giáo viên cốt cán\n\nNgày 10-12, Bộ tổ chức hội nghị tổng kết chương trình sư phạm.",
            ("tong_ket", ["2018-12-10"], []),
        ),
        (
            "Sáng ngày (11/10), Trường Đại học tổ chức khai mạc bồi dưỡng giáo viên cốt cán năm 2019.",
            ("tap_huan", ["2019-10-11"], []),
        ),
        (
            "Ngày 23/12/2025, HĐND xã tổ chức kỳ họp thứ 4. Các đồng chí: Lê Thị Huấn - Chủ tịch HĐND xã; Vũ Văn Vui - Phó Chủ tịch "
            "HĐND xã điều hành kỳ họp.",
            ("khac", ["2025-12-23"], ["Lê Thị Huấn", "Vũ Văn Vui"]),
        ),
        (
            "11/08/2023\n\nSáng 11.8, lãnh đạo tỉnh đối thoại với giáo viên. Cùng dự tại hội nghị có các sở, ngành của tỉnh.\n\n"
            "Đồng chí Lê Văn An phát biểu tại hội nghị đối thoại\n\nHơn một nghìn giáo viên tham dự.",
            ("khac", ["2023-08-11"], []),
        ),
        (
            "Sáng 5/9/2025, xã sơ kết công tác tại hội nghị trực tuyến.\n\nPhó chủ tịch UBND xã Hòa Phú Đỗ Xuân Tình chủ trì hội nghị",
            ("so_ket", ["2025-09-05"], ["Đỗ Xuân Tình"]),
        ),
        (
            "Ngày 22/8/2025, Văn phòng ban hành thông báo kết luận của Phó Chủ tịch Lê Thành Long tại cuộc họp với Sở Y tế. "
            "Nghị định phải trình trước ngày 31/8/2025.",
            ("khac", ["2025-08-22"], ["Lê Thành Long"]),
        ),
        (
            "Văn phòng ban hành Thông báo kết luận 177-TB/VPTW của Tổng Bí thư Tô Lâm tại buổi làm việc với các bộ, ngành.",
            ("lam_viec", [], ["Tô Lâm"]),
        ),
    ],
)
def test_meetings(text, expected):
    assert meeting(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Các trường tổ chức Hội nghị sơ kết trước ngày 15/01/2026.\n\nII. NHIỆM VỤ\n\n1. Tổ chức hội nghị giao ban tháng.",
        "Thực hiện Thông báo 4650/TB-SGDĐT về kết luận của đồng chí Giám đốc Sở, các trường triển khai thí điểm.",
        "Ngày 12/11/2025, UBND tỉnh đã có Công văn 1471/SGDĐT-VP về việc không nhận hoa chúc mừng.",
        "Thực hiện Nghị quyết số 29-NQ/TW, Ban Thường vụ Huyện ủy đã ban hành Chương trình số 21-CTr/HU.",
    ],
)
def test_no_meeting_of_its_own(text):
    assert meeting(text) is None


def test_a_meeting_named_by_what_was_said_at_it():
    text = '24/09/2025\n\n"Xã phải tổ chức giao ban thường xuyên" - đó là chỉ đạo của Bí thư Tỉnh ủy Hồ Văn Dũng tại hội nghị giao ban ngày 24/9.'
    assert meeting(text)[:2] == ("giao_ban", ["2025-09-24"])


def test_chu_tri_phoi_hop_is_no_chair():
    text = "Ngày 05/9/2025, xã tổ chức hội nghị giao ban. Phòng của ông Lê Văn An chủ trì, phối hợp với các trường."
    assert meeting(text) == ("giao_ban", ["2025-09-05"], [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Số 34-KL/ĐU\n\nMường Lai, ngày 05 tháng 3 năm 2026\n\nKẾT LUẬN\ncủa Ban Thường vụ Đảng ủy về công tác giáo dục\n\n"
            "Tại phiên họp ngày 03/3/2026, sau khi nghe Ủy ban nhân dân xã báo cáo, Ban Thường vụ Đảng ủy kết luận:",
            ("khac", ["2026-03-03"], []),
        ),
        (
            "BIÊN BẢN HỌP GIAO BAN HIỆU TRƯỞNG THÁNG 11/2016\n\nI. Thời gian, địa điểm: 8h00 ngày 07/11/2016 tại Phòng.\n\n"
            "II. Thành phần: Đ/c Lê Trọng Tín - Trưởng phòng (chủ trì); Hiệu trưởng các trường.",
            ("giao_ban", ["2016-11-07"], ["Lê Trọng Tín"]),
        ),
        (
            "Kiểm tra dạy học\n\nNgày 06/11/2025, đồng chí Trần Thanh Mãn, Phó Chủ tịch UBND tỉnh đã có buổi làm việc với UBND "
            "xã Ea Sơn về dạy học 2 buổi/ngày.\n\nKết luận buổi làm việc, đồng chí Phó Chủ tịch đánh giá cao địa phương.",
            ("lam_viec", ["2025-11-06"], ["Trần Thanh Mãn"]),
        ),
    ],
)
def test_sessions_minutes_and_visits(text, expected):
    assert meeting(text) == expected


def test_who_signs_is_among_the_people_and_no_title_is():
    found = read("BÁO CÁO\n\nCác Phó Giám đốc dự.\n\nTác giả: Nông Thị Duyên.\n\nTRƯỞNG PHÒNG\n\nLý Thị Sao\n")[
        "people"
    ]
    assert [one["name"] for one in found] == ["Lý Thị Sao"]
