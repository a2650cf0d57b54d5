"""PDF files with a text layer: lines become paragraphs, letterheads columns, ruled tables rows."""

from __future__ import annotations

import pytest

from giaoban.files import from_pdf, opening
from tests.files.drawn import pdf, ruled, saved, typed, wide, wrapped

LONG = (
    "1. Phòng Giáo dục Trung học chủ trì, phối hợp với Phòng Tổ chức cán bộ rà soát đội ngũ giáo viên các trường trung "
    "học phổ thông, báo cáo Ban Giám đốc trước ngày 30/10/2025."
)
SECOND = (
    "2. Các trường học hoàn thành việc tự kiểm tra, gửi báo cáo về Sở trước ngày 15/11/2025 để tổng hợp chung toàn "
    "ngành."
)


def read(content: bytes) -> str:
    return opening.text("a.pdf", content)


def test_lines_of_a_paragraph_are_joined_and_paragraphs_stay_apart() -> None:
    lines = [*wrapped(LONG), *wrapped(SECOND)]
    assert len(lines) > 4
    assert read(pdf([typed(lines)])) == f"{LONG}\n{SECOND}"


def test_a_paragraph_goes_on_over_the_page() -> None:
    lines = [*wrapped(SECOND), *wrapped(LONG)]
    cut = len(lines) - 1
    assert read(pdf([typed(lines[:cut]), typed(lines[cut:])])) == f"{SECOND}\n{LONG}"


def test_a_number_broken_at_its_dash_is_whole() -> None:
    before = "Thực hiện Nghị quyết số 29-NQ/TW, Quyết định số 1671/QĐ-"
    filled = before
    while wide("Nay " + filled) < 455:
        filled = "Nay " + filled
    text = read(pdf([typed([filled, "UBND ngày 05/9/2025 của Ủy ban nhân dân tỉnh Lào Cai về giáo dục."])]))
    assert "1671/QĐ-UBND ngày 05/9/2025" in text


def test_numbers_of_pages_and_repeated_margins_are_left_out() -> None:
    pages = []
    for number in (1, 2, 3):
        body = typed([f"Điều {number}{n}. Giao Phòng Nội vụ theo dõi mục thứ {n}." for n in range(1, 9)], top=150)
        pages.append([(290, 30, str(number)), *body, (60, 790, "Sở Giáo dục và Đào tạo Lào Cai - Kế hoạch năm học")])
    text = read(pdf(pages))
    assert "Kế hoạch năm học" not in text
    assert [line for line in text.splitlines() if len(line) < 4] == []
    assert text.count("Giao Phòng Nội vụ") == 24


def test_lines_of_the_text_at_the_edge_of_pages_stay_though_they_repeat() -> None:
    page = typed(["Phòng Nội vụ báo cáo trước ngày 15/3/2026."] * 36, top=60, step=20)
    assert read(pdf([page, page, page])).count("Phòng Nội vụ") == 108


def test_letterhead_and_signature_are_read_column_by_column() -> None:
    head = [
        (80, 50, "UBND TỈNH LÀO CAI"), (270, 50, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (60, 68, "SỞ GIÁO DỤC VÀ ĐÀO TẠO"), (320, 68, "Độc lập - Tự do - Hạnh phúc"),
        (90, 90, "Số: 125/KH-SGDĐT"), (320, 90, "Lào Cai, ngày 15 tháng 9 năm 2025"),
    ]  # fmt: skip
    foot = [
        (60, 300, "Nơi nhận:"), (370, 300, "KT. GIÁM ĐỐC"),
        (60, 316, "- Như trên;"), (360, 316, "PHÓ GIÁM ĐỐC"),
        (60, 332, "- Lưu: VT, GDTrH."), (360, 400, "Nguyễn Văn An"),
    ]  # fmt: skip
    assert read(pdf([[*head, (250, 130, "KẾ HOẠCH"), *typed(wrapped(LONG), top=160), *foot]])).splitlines() == [
        "UBND TỈNH LÀO CAI", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "Số: 125/KH-SGDĐT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Lào Cai, ngày 15 tháng 9 năm 2025",
        "KẾ HOẠCH", LONG,
        "Nơi nhận:", "- Như trên;", "- Lưu: VT, GDTrH.", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Văn An",
    ]  # fmt: skip


def test_an_assignment_table_with_lines_is_read_cell_by_cell_over_two_pages() -> None:
    edges = (40, 70, 270, 370, 460, 550)
    names = ["TT", "Nội dung công việc", "Chủ trì", "Phối hợp", "Thời hạn"]
    work = "Rà soát mạng lưới trường lớp trên địa bàn toàn tỉnh"
    first, strokes = ruled(
        [names, ["1", work, "Phòng KHTC", "UBND các xã", "30/11/2025"]],
        edges, top=700,
    )  # fmt: skip
    second, below = ruled([["2", "Tổ chức kỳ thi", "Phòng QLCL", "nt", "Tháng 3/2026"]], edges, top=60)
    found = opening.opened("a.pdf", pdf([first], size=10, lines=strokes))
    assert [(row.lead, row.partners, row.due) for row in found.rows or ()] == [
        ("Phòng KHTC", "UBND các xã", "30/11/2025")
    ]
    both = opening.opened("a.pdf", _together(pdf([first], size=10, lines=strokes), pdf([second], size=10, lines=below)))
    assert [(row.no, row.work, row.partners) for row in both.rows or ()] == [
        ("1", "Rà soát mạng lưới trường lớp trên địa bàn toàn tỉnh", "UBND các xã"),
        ("2", "Tổ chức kỳ thi", "UBND các xã"),
    ]
    for row in both.rows or ():
        assert both.text[row.work_start : row.work_end] == row.work
        assert row.work in both.text[row.start : row.end] and "\n" not in both.text[row.start : row.end]


def _together(*contents: bytes) -> bytes:
    import pypdfium2 as pdfium

    made = pdfium.PdfDocument.new()
    for content in contents:
        made.import_pages(pdfium.PdfDocument(content))
    return saved(made)


def test_old_lettering_is_turned_into_unicode_and_told() -> None:
    old = ["Céng hßa x· héi chñ nghÜa ViÖt Nam", "Phßng Gi¸o dôc vµ §µo t¹o b¸o c¸o kÕt qu¶ tr­íc ngµy 15/3"]
    found = opening.opened("a.pdf", pdf([typed(old)]))
    assert "Cộng hòa xã hội chủ nghĩa Việt Nam" in found.text and "Phòng Giáo dục và Đào tạo" in found.text
    assert found.notes == [
        "The letters of this file were written in the old TCVN3 (ABC) lettering and were turned into Unicode."
    ]


def test_a_pdf_that_carries_commands_is_read_and_nothing_of_it_runs() -> None:
    command = b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/Type/Catalog"
    content = pdf([typed(["Giao Phòng Nội vụ báo cáo trước ngày 15/3/2026."])])
    found = opening.opened("a.pdf", content.replace(b"/Type/Catalog", command, 1))
    assert found.text == "Giao Phòng Nội vụ báo cáo trước ngày 15/3/2026."
    assert from_pdf.ACTIVE in found.notes


def test_a_locked_pdf_is_refused() -> None:
    with pytest.raises(opening.Locked):
        opening.text("a.pdf", LOCKED)


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(opening.TooManyPages) as refused:
        opening.text("a.pdf", pdf([[]] * 6), opening.Limits(pages=5))
    assert refused.value.params["pages"] == 6


def test_an_empty_page_has_no_text() -> None:
    with pytest.raises(opening.NoText):
        opening.text("a.pdf", pdf([[]]))


# The smallest PDF whose password nobody knows: its key lengths and hashes are made up.
LOCKED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\n"
    b"4 0 obj<</Filter/Standard/V 2/R 3/Length 128/P -44/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 4 0 R/Size 5/ID[<" + b"30" * 16 + b"><" + b"30" * 16 + b">]>>\n"
    b"%%EOF"
)
