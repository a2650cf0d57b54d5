"""What is a task, where it ends, who does it and with whom; FORMAT's conventions in the words of many documents."""

import pytest

from giaoban.reading import read


def tasks(text):
    return [(task["text"], task["assignees"], task["coordinators"]) for task in read(text)["tasks"]]


def roles(text):
    return {task["text"][:24]: (task["assignees"], task["coordinators"]) for task in read(text)["tasks"]}


def test_a_heading_gives_the_assignee_of_every_item_below():
    text = """IV. TỔ CHỨC THỰC HIỆN

1. Phòng Nội vụ

- Chủ trì, phối hợp với phòng Tài chính - Kế hoạch, phòng Giáo dục và Đào tạo hàng năm đánh giá đội ngũ kế toán.

- Hiệu trưởng các trường phải quyết liệt nâng cao chất lượng đội ngũ.

2. Ban quản lý dự án đầu tư xây dựng

Đôn đốc các đơn vị thi công đẩy nhanh tiến độ xây dựng. Việc sửa chữa có kế hoạch triển khai trong hè.
"""
    assert tasks(text) == [
        (
            "Chủ trì, phối hợp với phòng Tài chính - Kế hoạch, phòng Giáo dục và Đào tạo hàng năm đánh giá đội ngũ kế toán",
            ["Phòng Nội vụ"],
            ["phòng Tài chính - Kế hoạch", "phòng Giáo dục và Đào tạo"],
        ),
        (
            "Hiệu trưởng các trường phải quyết liệt nâng cao chất lượng đội ngũ",
            ["Phòng Nội vụ", "Hiệu trưởng các trường"],
            [],
        ),
        (
            "Đôn đốc các đơn vị thi công đẩy nhanh tiến độ xây dựng. Việc sửa chữa có kế hoạch triển khai trong hè",
            ["Ban quản lý dự án đầu tư xây dựng"],
            [],
        ),
    ]


def test_a_ministry_s_telegram():
    text = """Thủ tướng Chính phủ yêu cầu:

1. Bộ Giáo dục và Đào tạo chủ trì, phối hợp với các bộ, ngành, địa phương:

a) Khẩn trương rà soát, hoàn thiện quy định về tuyển sinh đầu cấp.

b) Tăng cường thanh tra, kiểm tra việc thực hiện tại các địa phương.

2. Chủ tịch Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương:

a) Chỉ đạo các cơ quan chức năng bố trí đủ chỗ học cho học sinh.

b) Chịu trách nhiệm toàn diện về công tác tuyển sinh trên địa bàn.
"""
    ministry = (["Bộ Giáo dục và Đào tạo"], ["các bộ", "ngành", "địa phương"])
    chairs = (["Chủ tịch Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương"], [])
    assert list(roles(text).values()) == [ministry, ministry, chairs, chairs]


def test_labels_before_a_colon():
    text = """- Bộ Tài chính: Bố trí kinh phí thực hiện Đề án theo quy định.

- Bộ Nội vụ: Chủ trì, phối hợp với Bộ Giáo dục và Đào tạo hướng dẫn vị trí việc làm.

- Các bộ, cơ quan ngang bộ: Theo chức năng, nhiệm vụ được giao, chủ động phối hợp với Bộ Giáo dục và Đào tạo.
"""
    assert list(roles(text).values()) == [
        (["Bộ Tài chính"], []),
        (["Bộ Nội vụ"], ["Bộ Giáo dục và Đào tạo"]),
        (["Các bộ", "cơ quan ngang bộ"], ["Bộ Giáo dục và Đào tạo"]),
    ]


def test_those_addressed_do_the_items_that_name_nobody():
    text = """Sở Giáo dục và Đào tạo đề nghị Ủy ban nhân dân các xã, phường; các đơn vị trực thuộc triển khai:

1. Tuyên truyền phòng, chống đuối nước cho học sinh.

2. Hiệu trưởng các trường phân công giáo viên trực trong dịp nghỉ lễ.
"""
    assert list(roles(text).values()) == [
        (["Ủy ban nhân dân các xã, phường", "các đơn vị trực thuộc"], []),
        (["Hiệu trưởng các trường"], []),
    ]


def test_running_speech_is_split_at_semicolons_before_a_verb():
    text = (
        "Phát biểu kết luận, đồng chí Chủ tịch UBND xã yêu cầu Phòng Văn hóa - Xã hội tham mưu kế hoạch tuyển sinh; "
        "các trường rà soát học sinh bỏ học, báo cáo trước ngày 10/3/2026; Công an xã phối hợp với nhà trường bảo đảm "
        "an ninh trật tự; quan tâm an toàn cổng trường, các điểm đông người; các khu vực ven suối."
    )
    assert tasks(text) == [
        ("Phòng Văn hóa - Xã hội tham mưu kế hoạch tuyển sinh", ["Phòng Văn hóa - Xã hội"], []),
        ("các trường rà soát học sinh bỏ học, báo cáo trước ngày 10/3/2026", ["các trường"], []),
        ("Công an xã phối hợp với nhà trường bảo đảm an ninh trật tự", ["Công an xã"], ["nhà trường"]),
        ("quan tâm an toàn cổng trường, các điểm đông người; các khu vực ven suối", ["Công an xã"], []),
    ]


def test_a_list_inside_a_sentence():
    text = (
        "Kết luận hội nghị, đồng chí Trưởng phòng nhấn mạnh một số nhiệm vụ cần tập trung thực hiện trong thời gian tới: "
        "Làm tốt công tác tham mưu; chấn chỉnh nền nếp, kỷ cương; rà soát xây dựng trường chuẩn quốc gia."
    )
    assert [task for task, _, _ in tasks(text)] == [
        "Làm tốt công tác tham mưu",
        "chấn chỉnh nền nếp, kỷ cương",
        "rà soát xây dựng trường chuẩn quốc gia",
    ]


def test_three_dots_before_a_verb_end_a_clause_and_others_do_not():
    text = "Hiệu trưởng yêu cầu quan tâm thu nộp các quỹ... quản lý bài viết trên website; tổ chức dạy kỹ năng sống...cần đúng quy định."
    assert [task for task, _, _ in tasks(text)] == [
        "quan tâm thu nộp các quỹ",
        "quản lý bài viết trên website",
        "tổ chức dạy kỹ năng sống...cần đúng quy định",
    ]


def test_order_words_and_giao_stay_outside_the_passage():
    text = "Giao Sở Nội vụ chủ trì, phối hợp với Sở Tài chính và UBND các xã, phường tham mưu giao biên chế năm 2026."
    assert tasks(text) == [
        (
            "Sở Nội vụ chủ trì, phối hợp với Sở Tài chính và UBND các xã, phường tham mưu giao biên chế năm 2026",
            ["Sở Nội vụ"],
            ["Sở Tài chính", "UBND các xã, phường"],
        )
    ]


def test_a_person_by_name():
    text = "Hiệu trưởng giao đồng chí Trần Văn Bình - Phó Hiệu trưởng phụ trách kiểm tra nội bộ; phân công đồng chí Lê Thị Hoa tổng hợp số liệu."
    assert [names for _, names, _ in tasks(text)] == [["Trần Văn Bình"], ["Lê Thị Hoa"]]


def test_who_acts_in_the_passive_does_it_and_a_thing_does_nothing():
    text = """Nhà trường lưu ý một số nội dung như sau:

- Tất cả các khoản thu phải được nhà trường thông báo công khai bằng văn bản.

- Kinh phí hoạt động do Ban đại diện cha mẹ học sinh quản lý, sử dụng và phải công khai.

- Việc thu, chi phải bảo đảm nguyên tắc công khai, dân chủ.
"""
    assert [names for _, names, _ in tasks(text)] == [["nhà trường"], ["Ban đại diện cha mẹ học sinh"], []]


def test_the_subject_is_carried_down_a_list_until_a_thing_interrupts():
    text = """Cần lưu ý một số nội dung như sau:

- Cơ sở giáo dục có trách nhiệm thành lập Tổ tiếp nhận tài trợ.

- Không tự ý đặt ra các khoản thu trái quy định.

Sử dụng hiệu quả kinh phí được cấp có thẩm quyền giao.

- Việc vận động phải trên tinh thần tự nguyện.

- Công khai kết quả vận động.
"""
    assert [names for _, names, _ in tasks(text)] == [["Cơ sở giáo dục"]] * 3 + [[], []]


def test_adjuncts_before_the_subject():
    text = """III. KINH PHÍ

1. Căn cứ nhiệm vụ được giao Uỷ ban nhân dân cấp xã phối hợp các cơ sở giáo dục xây dựng dự toán.

2. Trong quá trình thực hiện, nếu có khó khăn, các đơn vị phản ánh về Sở để được hướng dẫn.

3. Định kỳ hoặc đột xuất khi có yêu cầu, các trường báo cáo kết quả về Sở.
"""
    assert list(roles(text).values()) == [
        (["Uỷ ban nhân dân cấp xã"], ["các cơ sở giáo dục"]),
        (["các đơn vị"], []),
        (["các trường"], []),
    ]


@pytest.mark.parametrize(
    "text",
    [
        # results, praise and what a report said
        "Báo cáo tại hội nghị cho biết, các trường đã triển khai tốt nhiệm vụ; tổ chức nhiều hoạt động bổ ích.",
        "I. KẾT QUẢ ĐẠT ĐƯỢC\n\n- Tổ chức tốt các hội thi.\n\n- Duy trì sĩ số học sinh.",
        "Đồng chí Chủ tịch UBND huyện đánh giá cao công tác chuẩn bị và biểu dương các nhà trường.",
        # nouns that look like orders
        "Công tác này đáp ứng yêu cầu đổi mới, theo đề nghị của Phòng Nội vụ và chỉ tiêu UBND tỉnh giao.",
        "Hội nghị giao ban quý I được tổ chức tại huyện.",
        # quoted law, sanctions, rights
        "**Quyền của viên chức ra sao?**\n\nCăn cứ Điều 13 Luật Viên chức 2010 quy định như sau:\n\n"
        "1. Nhà trường phải bố trí chỗ ở cho viên chức.\n\n2. Không sử dụng ngày nghỉ trái quy định.",
        "- Đơn vị vi phạm sẽ bị xử phạt từ 5 đến 10 triệu đồng theo quy định.",
        # aims of a training
        "**Mục tiêu của khóa học là gì?**\n\n- Ứng dụng các công cụ số trong dạy học.\n\n- Thực hiện các hoạt động số.",
        # chrome and questions
        "Quay lại\n\nIn bài viết\n\nTra cứu điểm thi\n\nBạn cần làm gì khi mất thẻ?",
        # what an article of a decision brings about by itself
        "QUYẾT ĐỊNH\n\nĐiều 1. Ban hành kèm theo Quyết định này Kế hoạch phổ cập giáo dục năm 2025.\n\n"
        "Điều 3. Quyết định này có hiệu lực kể từ ngày ký.",
        # a lead-in alone
        "Đồng chí Chủ tịch UBND huyện yêu cầu các cơ quan, đơn vị thực hiện tốt một số nhiệm vụ sau:",
    ],
)
def test_what_is_no_task(text):
    assert tasks(text) == []


def test_a_bulleted_title_over_paragraphs_is_none():
    text = """Cụ thể, nhiệm vụ và giải pháp như sau:

- Tập huấn, bồi dưỡng, nâng cao năng lực cho đội ngũ

Phối hợp với đơn vị liên quan tổ chức tập huấn cho giáo viên về tổ chức hoạt động giáo dục.

Tổ chức Hội thảo chia sẻ mô hình hiệu quả về trang bị cơ sở vật chất giữa các trường…
"""
    assert [task[:8] for task, _, _ in tasks(text)] == ["Phối hợp", "Tổ chức "]


def test_a_lead_in_with_work_of_its_own_is_kept_up_to_the_list():
    text = """Nghiêm cấm việc lợi dụng danh nghĩa Ban đại diện cha mẹ học sinh để thu tiền. Trong đó cần lưu ý:

- Kinh phí do Ban đại diện cha mẹ học sinh quản lý, sử dụng.
"""
    found = [task for task, _, _ in tasks("KẾ HOẠCH\n\nVề thu chi\n\n" + text)]
    assert found[0] == "Nghiêm cấm việc lợi dụng danh nghĩa Ban đại diện cha mẹ học sinh để thu tiền"
    assert len(found) == 2


def test_what_a_report_says_was_done_is_no_task():
    text = """BÁO CÁO

Sơ kết học kỳ I, phương hướng nhiệm vụ học kỳ II năm học 2025-2026

Phòng Văn hóa - Xã hội báo cáo kết quả chỉ đạo, thực hiện như sau:

Phần thứ nhất

KẾT QUẢ THỰC HIỆN NHIỆM VỤ HỌC KỲ I.

I. Công tác tham mưu và chỉ đạo

Phòng đã tham mưu cho UBND xã ban hành các văn bản như: Tham mưu ban hành kế hoạch năm học.

- Chỉ đạo các trường thực hiện nghiêm túc nền nếp dạy học. Tổ chức tốt hội thi giáo viên giỏi.

II. Tồn tại, hạn chế và giải pháp đã làm

- Tăng cường kiểm tra, song một số trường chưa chủ động tham mưu.

Phần thứ hai

PHƯƠNG HƯỚNG, NHIỆM VỤ HỌC KỲ II

1. Chỉ đạo các trường ôn tập, kiểm tra cuối năm trước ngày 15/5/2026.

III. ĐỀ NGHỊ

- Đề nghị UBND xã bố trí kinh phí sửa chữa trường học.
"""
    assert tasks(text) == [
        ("Chỉ đạo các trường ôn tập, kiểm tra cuối năm trước ngày 15/5/2026", [], []),
        ("UBND xã bố trí kinh phí sửa chữa trường học", ["UBND xã"], []),
    ]


def test_the_headline_of_news_is_no_heading_of_work():
    text = """Đảng ủy xã Nậm Lành triển khai nhiệm vụ trọng tâm tháng 11/2025

Sáng 31/10, Đảng ủy xã giao ban công tác tháng 10. Nổi bật, chỉ đạo UBND xã trả lời ý kiến cử tri; đôn đốc các thôn làm đường.

Nhiệm vụ thời gian tới, các chi bộ chủ động hoàn thành kế hoạch kiểm tra; giám sát thực hiện chính sách học bán trú.
"""
    assert tasks(text) == [
        ("các chi bộ chủ động hoàn thành kế hoạch kiểm tra", ["các chi bộ"], []),
        ("giám sát thực hiện chính sách học bán trú", ["các chi bộ"], []),
    ]


def test_the_same_speech_goes_on_in_the_next_paragraph():
    text = """Thủ tướng Chính phủ yêu cầu Bộ Y tế hướng dẫn phòng dịch trong trường học.

Cùng đó, chỉ đạo các địa phương chú trọng tiêm chủng cho trẻ em.
"""
    assert [names for _, names, _ in tasks(text)] == [["Bộ Y tế"], ["Bộ Y tế"]]


def test_whoever_issues_or_guides_is_not_who_does_it():
    text = """Kính gửi: Hiệu trưởng các trường

Sở Giáo dục và Đào tạo hướng dẫn các cơ sở giáo dục thực hiện nhiệm vụ năm học như sau:

I. NHIỆM VỤ CHUNG

Tăng cường giáo dục kỹ năng sống cho học sinh.
"""
    assert tasks(text) == [("Tăng cường giáo dục kỹ năng sống cho học sinh", ["các cơ sở giáo dục"], [])]


def test_the_closing_request_below_an_office_addresses_everybody():
    text = """III. TỔ CHỨC THỰC HIỆN

1. Sở Tài chính

Tham mưu cân đối kinh phí theo phân cấp.

Trong quá trình thực hiện, nếu có vướng mắc, các cơ quan, đơn vị phản ánh về Sở để tổng hợp.
"""
    assert [names for _, names, _ in tasks(text)] == [["Sở Tài chính"], ["các cơ quan", "đơn vị"]]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Bộ cũng yêu cầu có sự phối hợp chặt chẽ giữa nhà trường với công an.", []),
        ("Hội nghị thống nhất tiếp tục phát huy tinh thần đoàn kết, tăng cường kiểm tra.", []),
        (
            "Chủ tịch UBND tỉnh yêu cầu UBND các tỉnh, thành, các tổ chức hội cùng vào cuộc.",
            ["UBND các tỉnh, thành", "các tổ chức hội"],
        ),
        (
            "Thứ hai, các địa phương vùng bão kịp thời chỉ đạo nhà trường quản lý chặt chẽ học sinh.",
            ["các địa phương vùng bão"],
        ),
        ("Sở yêu cầu các trường trực ban; các xã cân nhắc cho học sinh nghỉ học khi cần thiết.", ["các xã"]),
    ],
)
def test_orders_in_the_words_of_newspapers(sentence, names):
    assert tasks(sentence)[-1][1] == names


def test_the_day_a_page_was_put_up_is_nobody_s_deadline():
    text = """UBND huyện họp phiên thường kỳ

• Cập nhật: 19/11/2020

• Lượt xem: 5547 lượt xem

Kết luận phiên họp, Chủ tịch UBND huyện yêu cầu các phòng hoàn thiện dự thảo báo cáo.
"""
    assert [task["due"] for task in read(text)["tasks"]] == [None]


def test_a_passage_that_is_repeated_is_marked_once():
    text = "II. NHIỆM VỤ\n\n1. Rà soát cơ sở vật chất trường học.\n\n2. Rà soát cơ sở vật chất trường học."
    assert len(tasks(text)) == 1


def test_an_account_of_duties_in_advice_is_not_a_task():
    text = """Mục lục bài viết

1. Hiểu thế nào về tổ trưởng chuyên môn?

Tổ trưởng chuyên môn bên cạnh việc dạy học sẽ cần phải thực hiện thêm một số nhiệm vụ khác theo quy định.

2. Nhiệm vụ của tổ trưởng chuyên môn

Theo đó, Bộ Giáo dục đào tạo đã ban hành quy định cụ thể về nhiệm vụ của tổ trưởng chuyên môn trong nhà trường.
"""
    assert not tasks(text)


def test_the_caption_of_a_picture_is_not_a_task():
    text = "Tổ trưởng có nhiệm vụ hướng dẫn giáo viên mới xây dựng kế hoạch bài dạy. Ảnh minh họa: Minh Tâm\n\nHỏi đáp."
    assert not tasks(text)


def test_prohibitions_encouragements_and_closing_requests_are_tasks():
    text = """KẾ HOẠCH

Về nghỉ Tết

II. NHIỆM VỤ

1. Không để học sinh tự ý rời trường.

2. Khuyến khích các trường tổ chức gói bánh chưng tặng học sinh nghèo.

Trên đây là Kế hoạch nghỉ Tết, đề nghị các đơn vị nghiêm túc thực hiện./.
"""
    assert tasks(text) == [
        ("Không để học sinh tự ý rời trường", [], []),
        ("Khuyến khích các trường tổ chức gói bánh chưng tặng học sinh nghèo", ["các trường"], []),
        ("các đơn vị nghiêm túc thực hiện", ["các đơn vị"], []),
    ]


@pytest.mark.parametrize(
    ("text", "partners"),
    [
        ("Công an xã phối hợp chặt chẽ với nhà trường và cha mẹ học sinh", ["nhà trường", "cha mẹ học sinh"]),
        ("Các trường phối hợp chính quyền địa phương vận động học sinh ra lớp", ["chính quyền địa phương"]),
        ("Các trường phối hợp với trạm y tế, công an xã kiểm tra bếp ăn", ["trạm y tế", "công an xã"]),
        ("Các trường phối hợp với già làng, trưởng bản vận động học sinh", ["già làng", "trưởng bản"]),
        ("Các trường có giải pháp trong phối hợp giữa gia đình và nhà trường", []),
        ("Các trường phát huy sự phối hợp của cộng đồng", []),
        ("Phòng Nội vụ tham mưu UBND huyện sắp xếp đội ngũ", []),
    ],
)
def test_partners(text, partners):
    (task,) = read(f"II. NHIỆM VỤ\n\n1. {text}.")["tasks"]
    assert task["coordinators"] == partners


def test_the_result_to_be_handed_in():
    (task,) = read("II. NHIỆM VỤ\n\n1. Văn phòng xây dựng kế hoạch kiểm tra nội bộ năm 2026, trình Giám đốc.")["tasks"]
    assert task["deliverable"] == "kế hoạch kiểm tra nội bộ năm 2026"


def test_numbers_with_a_dash_as_the_party_writes_them():
    text = """Ban Thường vụ yêu cầu các cấp ủy tập trung một số nhiệm vụ sau:

1- Tổ chức quán triệt chủ trương xã hội hóa giáo dục; nêu gương người đứng đầu.

2- Ban Cán sự đảng UBND tỉnh lãnh đạo rà soát quy hoạch trường, lớp.
"""
    assert list(roles("CHỈ THỊ\n\nvề xã hội hóa\n\n" + text).values()) == [
        (["các cấp ủy"], []),
        (["Ban Cán sự đảng UBND tỉnh"], []),
    ]


def test_what_members_of_a_meeting_say_is_no_task():
    text = """BIÊN BẢN HỌP HỘI ĐỒNG

2. Ý kiến thảo luận
- Đồng chí Vàng A Sử: đề nghị nhà trường bổ sung máy chiếu cho khối 8.
- Cần phối hợp với gia đình học sinh.
3. Kết luận của Hiệu trưởng
- Yêu cầu giáo viên chủ nhiệm hoàn thành đánh giá, xếp loại học sinh.
"""
    assert tasks(text) == [("giáo viên chủ nhiệm hoàn thành đánh giá, xếp loại học sinh", ["giáo viên chủ nhiệm"], [])]


def test_what_a_leader_says_must_be_done():
    text = (
        "Hội nghị tổng kết năm học\n\nSáng 12/8/2015, Sở tổ chức hội nghị tổng kết năm học. Chủ tịch UBND tỉnh ghi nhận kết "
        "quả của ngành. Đồng chí nhấn mạnh, trong năm học mới, ngành Giáo dục cần tập trung nâng cao chất lượng đội ngũ; "
        "đẩy mạnh phân luồng học sinh; UBND các huyện quan tâm bố trí quỹ đất.\n"
    )
    assert [names for _, names, _ in tasks(text)] == [["ngành Giáo dục"], ["ngành Giáo dục"], ["UBND các huyện"]]


def test_a_numbered_list_inside_a_sentence():
    text = (
        "Sơ kết học kỳ I\n\nNgày 15/01/2018, Sở tổ chức hội nghị sơ kết. Giám đốc Sở đưa ra 3 nhiệm vụ trọng tâm: (1) tiếp "
        "tục siết chặt kỷ cương trong ngành; (2) thực hiện tốt công tác bán trú; (3) duy trì sĩ số học sinh.\n"
    )
    assert [task for task, _, _ in tasks(text)] == [
        "tiếp tục siết chặt kỷ cương trong ngành",
        "thực hiện tốt công tác bán trú",
        "duy trì sĩ số học sinh",
    ]


def test_the_duties_of_a_committee_and_who_carries_a_decision_out():
    text = """QUYẾT ĐỊNH:

Điều 1. Thành lập Ban Chỉ đạo phổ cập giáo dục.
Điều 2. Nhiệm vụ của Ban Chỉ đạo:
1. Xây dựng kế hoạch phổ cập giáo dục.
2. Kiểm tra, đôn đốc các xã thực hiện kế hoạch.
Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng, Trưởng phòng Nội vụ chịu trách nhiệm thi hành.
"""
    assert [names for _, names, _ in tasks("Số: 12/QĐ-UBND\n\n" + text)] == [
        ["Ban Chỉ đạo"],
        ["Ban Chỉ đạo"],
        ["Chánh Văn phòng", "Trưởng phòng Nội vụ"],
    ]


def test_who_is_told_in_the_closing_paragraph():
    head = "THÔNG BÁO\n\nKết luận cuộc họp\n\n"
    told = "Trên đây là kết luận của Chủ tịch UBND huyện, các cơ quan, đơn vị nghiêm túc triển khai thực hiện./."
    assert [names for _, names, _ in tasks(head + told)] == [["các cơ quan", "đơn vị"]]
    assert tasks(f"{head}Văn phòng UBND huyện thông báo để các cơ quan, đơn vị biết, thực hiện./.") == []


@pytest.mark.parametrize(
    ("text", "names", "partners"),
    [
        ("- Với UBND huyện: Đầu tư xây dựng nhà ở cho học sinh bán trú.", ["UBND huyện"], []),
        ("- Giao đ/c Oanh tham mưu kế hoạch kiểm tra chuyên đề.", ["Oanh"], []),
        ("- Các huyện ủy, thị ủy chỉ đạo sơ kết Nghị quyết.", ["Các huyện ủy", "thị ủy"], []),
        ("- Thủ trưởng các sở, ban, ngành nghiêm túc thực hiện.", ["Thủ trưởng các sở, ban, ngành"], []),
        (
            "- Ban chỉ đạo phòng, chống dịch theo dõi sức khỏe học sinh.",
            ["Ban chỉ đạo phòng, chống dịch"],
            [],
        ),
        ("- Phối hợp với Hội Phụ nữ tỉnh, Tỉnh đoàn mở lớp.", [], ["Hội Phụ nữ tỉnh", "Tỉnh đoàn"]),
        ("- Phối hợp với ngành thông tin - truyền thông khảo sát.", [], ["ngành thông tin - truyền thông"]),
        ("- Phối hợp với chuyên môn đồng cấp xây dựng kế hoạch.", [], ["chuyên môn đồng cấp"]),
        ("- Phối hợp y tế xã quây lại giếng nước.", [], ["y tế xã"]),
        ("- Mở lớp xóa mù chữ (phối hợp: Trung tâm học tập cộng đồng).", [], ["Trung tâm học tập cộng đồng"]),
    ],
)  # fmt: skip
def test_names_of_many_kinds(text, names, partners):
    (task,) = read(f"KẾ HOẠCH\n\nII. NHIỆM VỤ\n\n{text}\n")["tasks"]
    assert (task["assignees"], task["coordinators"]) == (names, partners)


def test_a_person_directing_the_work_is_named():
    (task,) = read(
        "II. NHIỆM VỤ\n\n1. Rà soát phòng học tạm (do đồng chí Lê Thị Bình, Phó Chủ tịch trực tiếp chỉ đạo)."
    )["tasks"]
    assert task["leader"] == "Lê Thị Bình, Phó Chủ tịch"


def test_an_item_with_several_works_is_parted_and_a_date_binds_its_clause():
    text = "II. NHIỆM VỤ\n\n1. Phòng Nội vụ\n\n- Rà soát đội ngũ trước ngày 10/3/2026; phối hợp với Phòng Kinh tế lập dự toán.\n"
    (task,) = read(text)["tasks"]
    assert [(text[part["start"] : part["end"]], part["due"], part["coordinators"]) for part in task["parts"]] == [
        ("Rà soát đội ngũ trước ngày 10/3/2026", "2026-03-10", []),
        ("phối hợp với Phòng Kinh tế lập dự toán", None, ["Phòng Kinh tế"]),
    ]
    assert all(part["assignees"] == ["Phòng Nội vụ"] for part in task["parts"])
    two = "II. NHIỆM VỤ\n\n1. Lập danh sách trước ngày 10/3/2026 và gửi báo cáo trước ngày 20/3/2026.\n"
    (task,) = read(two)["tasks"]
    assert [part["due"] for part in task["parts"]] == ["2026-03-10", "2026-03-20"]
    (task,) = read("II. NHIỆM VỤ\n\n1. Lập danh sách học sinh, giáo viên trước ngày 10/3/2026.\n")["tasks"]
    assert task["parts"] == []
