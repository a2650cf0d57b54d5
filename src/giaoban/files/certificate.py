"""Prints certificates (giấy khen, chứng nhận …) as DOCX, one a page, lying: nation, who gives, what, to whom, for what.

The words and their order are those of the printed forms in use (NĐ 98/2023/NĐ-CP for giấy khen); paper with a printed
frame is put into the printer, so none is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import docx
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as DocxParagraph

from giaoban.files.docx import A4_HEIGHT, A4_WIDTH, MOTTO, NATION, default_style, packed_anew
from giaoban.files.official import Signature
from giaoban.files.widths import balanced

MARGIN = 22
TOP = 34
"""The words stand in the middle of the page, clear of a printed frame and the emblem above them."""
WIDE = A4_HEIGHT - 2 * MARGIN


@dataclass(frozen=True)
class Certificate:
    """One page. `given_by`: "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ BẢO THẮNG"; `notes`: decision and book, at the lower left."""

    given_by: str
    kind: str
    to: str
    office: str
    reason: str
    place_and_day: str
    notes: tuple[str, ...]
    signature: Signature
    verb: str = "Tặng"


def write(certificates: Sequence[Certificate]) -> bytes:
    """The DOCX file of all of them; the same certificates give the same bytes."""
    file = docx.Document()
    section = file.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(A4_HEIGHT), Mm(A4_WIDTH)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(MARGIN)
    section.left_margin = section.right_margin = Mm(MARGIN)
    default_style(file)
    for number, each in enumerate(certificates):
        _page(file, each, first=number == 0)
    properties = file.core_properties
    properties.title = certificates[0].kind if certificates else ""
    properties.author = properties.last_modified_by = certificates[0].given_by if certificates else ""
    properties.comments, properties.language, properties.revision = "", "vi-VN", 1
    return packed_anew(file)


def _page(file: DocxDocument, each: Certificate, *, first: bool) -> None:
    nation = _line(file, NATION, 14, bold=True)
    nation.paragraph_format.page_break_before = not first
    _line(file, MOTTO, 14, bold=True, after=14)
    for text in balanced(each.given_by.upper(), 17, WIDE):
        _line(file, text, 17, bold=True)
    _line(file, each.verb.upper(), 14, before=14)
    _line(file, each.kind.upper(), 40, bold=True, after=14)
    _line(file, each.to, 22, bold=True)
    if each.office:
        _line(file, each.office, 15)
    for text in balanced(each.reason, 15, WIDE - 20):
        _line(file, text, 15, italic=True)
    _line(file, "", 12)
    table = file.add_table(rows=1, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for cell, wide in zip(table.rows[0].cells, (WIDE // 2, WIDE - WIDE // 2), strict=True):
        cell.width = Mm(wide)
    left, right = table.rows[0].cells
    for number, text in enumerate(each.notes):
        _write(left.paragraphs[0] if number == 0 else left.add_paragraph(), text, 12, left=True)
    _write(right.paragraphs[0], each.place_and_day, 14, italic=True)
    for text in each.signature.lines:
        _write(right.add_paragraph(), text.upper(), 14, bold=True)
    for _ in range(3):
        _write(right.add_paragraph(), "", 14)
    _write(right.add_paragraph(), each.signature.name, 14, bold=True)


def _line(
    file: DocxDocument,
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    after: float = 4,
) -> DocxParagraph:
    paragraph = file.add_paragraph()
    _write(paragraph, text, size, bold=bold, italic=italic)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    return paragraph


def _write(
    paragraph: DocxParagraph, text: str, size: float, *, bold: bool = False, italic: bool = False, left: bool = False
) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = 1.0
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
