"""How a document stands to those it names, by the words around their numbers."""

from __future__ import annotations

import pytest

from giaoban.desk.proposals.citations import said


@pytest.mark.parametrize(
    ("text", "number", "kind", "clause"),
    [
        ("Thực hiện Nghị quyết số 29-NQ/TW ngày 04/11/2013, Ủy ban", "Nghị quyết số 29-NQ/TW", "implements", ""),
        ("Triển khai thực hiện Kế hoạch số 12/KH-UBND của tỉnh", "Kế hoạch số 12/KH-UBND", "implements", ""),
        (
            "Thực hiện Nghị quyết số 29-NQ/TW và Kế hoạch số 12/KH-UBND, xã ban hành",
            "Kế hoạch số 12/KH-UBND", "implements", "",
        ),
        ("Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020;", "Nghị định số 30/2020/NĐ-CP", "legal_basis", ""),
        (
            "Căn cứ khoản 2 Điều 5 Thông tư số 15/2025/TT-BGDĐT;",
            "Thông tư số 15/2025/TT-BGDĐT", "legal_basis", "khoản 2 Điều 5",
        ),
        (
            "Thực hiện mục II.2 Kế hoạch số 12/KH-UBND ngày 05/01/2026",
            "Kế hoạch số 12/KH-UBND", "implements", "mục II.2",
        ),
        (
            "Quyết định này có hiệu lực từ ngày ký và thay thế Quyết định số 7/QĐ-UBND ngày 02/01/2020.",
            "Quyết định số 7/QĐ-UBND", "replaces", "",
        ),
        ("Kế hoạch này sửa đổi Điều 3 Kế hoạch số 7/KH-UBND.", "Kế hoạch số 7/KH-UBND", "amends", "Điều 3"),
        ("Quyết định này bãi bỏ Quyết định số 7/QĐ-UBND.", "Quyết định số 7/QĐ-UBND", "repeals", ""),
        (
            "Thông tư số 22/2021/TT-BGDĐT thay thế Thông tư số 58/2011/TT-BGDĐT từ năm 2021.",
            "Thông tư số 58/2011/TT-BGDĐT", "cites", "",
        ),
        ("Theo số liệu tại Báo cáo số 12/BC-UBND, có 5 trường.", "Báo cáo số 12/BC-UBND", "cites", ""),
    ],
)  # fmt: skip
def test_the_words_before_a_number_say_the_relation(text: str, number: str, kind: str, clause: str) -> None:
    start = text.index(number)
    found = said(text, start, start + len(number))
    assert (found.kind, found.clause) == (kind, clause)
    assert number in found.basis


def test_the_title_says_what_a_document_changes() -> None:
    text = "Sửa đổi, bổ sung một số điều của Quyết định số 7/QĐ-UBND ngày 02/01/2020"
    start = text.index("Quyết định số 7/QĐ-UBND")
    assert said(text, start, start + 23, title=text).kind == "amends"


def test_a_row_of_bases_is_one_row() -> None:
    text = (
        "Căn cứ Luật Giáo dục số 43/2019/QH14;\nCăn cứ Nghị định số 30/2020/NĐ-CP;\nTheo đề nghị của Phòng, quyết định:"
    )
    start = text.index("Nghị định")
    assert said(text, start, start + 26).kind == "legal_basis"


def test_a_report_reports_on_the_plan_it_names() -> None:
    text = "Báo cáo kết quả thực hiện Kế hoạch số 12/KH-UBND ngày 05/01/2026"
    start = text.index("Kế hoạch")
    assert said(text, start, start + 22, report=True).kind == "reports_on"


def test_the_verb_of_another_sentence_does_not_count() -> None:
    text = "Thực hiện tốt công tác tuyển sinh. Báo cáo theo mẫu của Công văn số 12/SGDĐT-GDPT."
    start = text.index("Công văn")
    assert said(text, start, start + 24).kind == "cites"
