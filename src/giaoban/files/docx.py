"""Prints an `OfficialDocument` as DOCX in the layout of NĐ 30/2020/NĐ-CP, Phụ lục I.

Numbers in this file (sizes, margins, letters) are those of the decree; where it leaves a range, the value that also
fits Party documents was taken: margins 20/20/30/15 mm, text 14 pt. The same document gives the same bytes: no clock,
fixed times in the package, parts in sorted order.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

import docx
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as DocxParagraph

from giaoban.files.official import (
    CENTRE,
    LEFT,
    RIGHT,
    Annex,
    Article,
    Block,
    Bullet,
    Heading,
    OfficialDocument,
    Paragraph,
    Part,
    Signature,
    Table,
)
from giaoban.files.widths import balanced, width

FONT = "Times New Roman"
TOP, BOTTOM, LEFT_MARGIN, RIGHT_MARGIN = 20, 20, 30, 15
A4_WIDTH, A4_HEIGHT = 210, 297
TEXT_WIDTH = A4_WIDTH - LEFT_MARGIN - RIGHT_MARGIN
BODY, TABLE_TEXT, PAGE_NUMBER = 14.0, 12.0, 13.0
FIRST_LINE = 12.7
SIGNING_SPACE = 4  # empty lines for signature and seal
ISSUER_WIDTH, NATION_WIDTH = 65, 100
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
UNDATED = date(2000, 1, 1)

ALIGN = {LEFT: WD_ALIGN_PARAGRAPH.LEFT, CENTRE: WD_ALIGN_PARAGRAPH.CENTER, RIGHT: WD_ALIGN_PARAGRAPH.RIGHT}


def write(document: OfficialDocument) -> bytes:
    """The DOCX file of the document."""
    file = docx.Document()
    _page(file.sections[0])
    default_style(file)
    _masthead(file, document)
    _title(file, document)
    for block in document.blocks:
        _block(file, block, TEXT_WIDTH)
    _signature(file, document)
    for annex in document.annexes:
        _annex(file, annex)
    _properties(file, document)
    return packed_anew(file)


def _page(section: Section, landscape: bool = False) -> None:
    section.page_width, section.page_height = Mm(A4_WIDTH), Mm(A4_HEIGHT)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(A4_HEIGHT), Mm(A4_WIDTH)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT_MARGIN), Mm(RIGHT_MARGIN)
    section.header_distance = Mm(10)
    _page_number(section)


def _page_number(section: Section) -> None:
    """Arabic, centred in the top margin, not shown on the first page; every section counts from 1."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.first_line_indent = Mm(0)
    run = paragraph.add_run()
    run.font.size = Pt(PAGE_NUMBER)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    # The schema fixes the order of a section's properties: pgNumType stands before cols.
    section._sectPr.find(qn("w:cols")).addprevious(numbering)


def default_style(file: DocxDocument) -> None:
    style: Any = file.styles["Normal"]
    style.font.name = FONT
    style.font.size = Pt(BODY)
    fonts = style.element.rPr.rFonts
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.rPr.append(language)
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(0), Pt(6), 1.15
    layout.widow_control = True


def _masthead(file: DocxDocument, document: OfficialDocument) -> None:
    """Cells 1 to 4 (and 5b): issuer and number on the left, nation, motto, place and day on the right."""
    table = _invisible_table(file, 2, (ISSUER_WIDTH, NATION_WIDTH))
    left, right = table.cell(0, 0), table.cell(0, 1)
    lines = _Lines(left)
    for text in balanced(document.parent_issuer.upper(), 12, ISSUER_WIDTH):
        lines.add(text, 12)
    issuer = balanced(document.issuer.upper(), 12, ISSUER_WIDTH)
    for text in issuer:
        lines.add(text, 12, bold=True)
    lines.rule(max(width(text, 12) for text in issuer) * 0.4, ISSUER_WIDTH)
    lines = _Lines(right)
    lines.add(NATION, 12, bold=True)
    lines.add(MOTTO, 13, bold=True)
    lines.rule(width(MOTTO, 13), NATION_WIDTH)
    lines = _Lines(table.cell(1, 0))
    lines.add(document.number_line, 13)
    if not document.kind:  # công văn: its subject stands under the number
        lines.add(f"V/v {document.subject}", 12)
    _Lines(table.cell(1, 1)).add(document.date_line, 13, italic=True)


def _title(file: DocxDocument, document: OfficialDocument) -> None:
    if document.kind:
        _centred(file, document.kind.upper(), before=12, after=0)
        lines = balanced(document.subject, BODY, TEXT_WIDTH - 20)
        for number, text in enumerate(lines, 1):
            _centred(file, text, after=0, outline=0 if number == 1 else None)
        _rule(file.add_paragraph(), max(width(text, BODY) for text in lines) * 0.4, TEXT_WIDTH, after=10)
    if len(document.addressees) == 1:
        _centred(file, f"Kính gửi: {document.addressees[0]}", bold=False, before=6, after=12)
    elif document.addressees:
        _centred(file, "Kính gửi:", bold=False, before=6)
        for text in _ended(f"- {name}" for name in document.addressees):
            _centred(file, text, bold=False)
    for text in _ended(document.bases):
        _running(file, text, italic=True)


def _block(file: DocxDocument, block: Block, available_mm: int) -> None:
    match block:
        case Part():
            _centred(file, f"{block.word} {block.number}", before=12, after=0)
            _centred(file, block.title.upper(), outline=0)
        case Heading():
            _running(file, block.text, bold=block.level < 3, keep=True, outline=block.level - 1)
        case Article():
            _running(file, block.text, bold=True, keep=True, outline=0)
        case Paragraph():
            for text in filter(None, block.text.split("\n")):
                _running(file, text, italic=block.italic)
        case Bullet():
            _running(file, f"- {block.text}")
        case Table():
            _table(file, block, available_mm)


def _table(file: DocxDocument, block: Table, available_mm: int) -> None:
    if block.caption:
        _centred(file, block.caption, size=13, before=6, keep=True)
    asked = sum(column.width_mm for column in block.columns)
    widths: list[Length] = [Mm(column.width_mm * available_mm / asked) for column in block.columns]
    table = file.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _grid(table, widths)
    _row(table.rows[0]._tr, "w:tblHeader")
    for cell, column, wide in zip(table.rows[0].cells, block.columns, widths, strict=True):
        _fill(cell, column.title, CENTRE, wide, bold=True)
    for index, texts in enumerate(block.rows):
        row = table.add_row()
        _row(row._tr, "w:cantSplit")
        if index in block.across:
            _fill(row.cells[0].merge(row.cells[-1]), texts[0], LEFT, Mm(available_mm), bold=True)
            continue
        for cell, text, column, wide in zip(row.cells, texts, block.columns, widths, strict=True):
            _fill(cell, text, column.align, wide, bold=index in block.strong)
    if block.note:
        _running(file, block.note, italic=True, size=TABLE_TEXT, indent=False, before=3)
    else:
        file.add_paragraph().paragraph_format.line_spacing = Pt(8)


def _fill(cell: _Cell, text: str, align: str, wide: Length, bold: bool = False) -> None:
    cell.width = wide
    paragraph = cell.paragraphs[0]
    paragraph.alignment = ALIGN[align]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = 1.0
    run = paragraph.add_run(_unbroken(text))
    run.bold, run.font.size = bold, Pt(TABLE_TEXT)


def _grid(table: DocxTable, widths: list[Length]) -> None:
    """Word goes by the cells' widths, LibreOffice by the grid's: say both."""
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = wide


def _row(element: Any, flag: str) -> None:
    element.get_or_add_trPr().append(OxmlElement(flag))


def _signature(file: DocxDocument, document: OfficialDocument) -> None:
    """Cells 7 and 9: recipients on the left, powers, title and name on the right half; never parted by a page end.

    Where two sign, the second one stands on the left and the recipients below both (Phụ lục III, Mẫu 1.9).
    """
    file.add_paragraph().paragraph_format.space_after = Pt(0)
    table = _invisible_table(file, 1, (TEXT_WIDTH // 2, TEXT_WIDTH - TEXT_WIDTH // 2))
    _row(table.rows[0]._tr, "w:cantSplit")
    _signed(table.cell(0, 1), document.signature)
    if document.beside is None:
        _recipients(_Lines(table.cell(0, 0), align=WD_ALIGN_PARAGRAPH.LEFT), document)
        return
    _signed(table.cell(0, 0), document.beside)
    file.add_paragraph().paragraph_format.space_after = Pt(0)
    below = _invisible_table(file, 1, (TEXT_WIDTH,))
    _recipients(_Lines(below.cell(0, 0), align=WD_ALIGN_PARAGRAPH.LEFT), document)


def _recipients(lines: _Lines, document: OfficialDocument) -> None:
    lines.add("Nơi nhận:", 12, bold=True, italic=True)
    for text in _ended(f"- {name}" for name in document.recipients):
        lines.add(text, 11)


def _signed(cell: _Cell, signature: Signature) -> None:
    lines = _Lines(cell)
    for text in signature.lines:
        lines.add(text.upper(), BODY, bold=True)
    for _ in range(SIGNING_SPACE):
        lines.add("", BODY)
    lines.add(signature.name, BODY, bold=True)


def write_annex(annex: Annex, under: str = "", made_on: date = UNDATED) -> bytes:
    """An annex as a file of its own; `under` says below its title what it goes with."""
    file = docx.Document()
    _page(file.sections[0], annex.landscape)
    default_style(file)
    _annex_body(file, annex, under)
    properties = file.core_properties
    properties.title, properties.language, properties.revision = annex.title, "vi-VN", 1
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = datetime.combine(made_on, time(0, 0))
    return packed_anew(file)


def _annex(file: DocxDocument, annex: Annex) -> None:
    section = file.add_section(WD_SECTION.NEW_PAGE)
    for repeated in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(repeated)
    _clear_headers(section)
    _page(section, annex.landscape)
    _annex_body(file, annex)


def _annex_body(file: DocxDocument, annex: Annex, under: str = "") -> None:
    _centred(file, f"Phụ lục {annex.number}".strip(), after=0)
    _centred(file, annex.title.upper(), outline=0, after=0 if under else 10)
    if under:
        _centred(file, under, bold=False, after=10)
    available = (A4_HEIGHT if annex.landscape else A4_WIDTH) - LEFT_MARGIN - RIGHT_MARGIN
    for block in annex.blocks:
        _block(file, block, available)


def _clear_headers(section: Section) -> None:
    for reference in section._sectPr.findall(qn("w:headerReference")):
        section._sectPr.remove(reference)


class _Lines:
    """Lines of one cell of an invisible table, one paragraph each."""

    def __init__(self, cell: _Cell, align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER) -> None:
        self.cell, self.align = cell, align
        self.first = True

    def add(self, text: str, size: float, bold: bool = False, italic: bool = False) -> None:
        paragraph = self._next()
        paragraph.alignment = self.align
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)

    def rule(self, length_mm: float, cell_mm: float) -> None:
        _rule(self._next(), length_mm, cell_mm, after=4)

    def _next(self) -> DocxParagraph:
        paragraph: DocxParagraph = self.cell.paragraphs[0] if self.first else self.cell.add_paragraph()
        self.first = False
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1.0
        return paragraph


def _rule(paragraph: DocxParagraph, length_mm: float, room_mm: float, after: float) -> None:
    """A solid line of the given length, centred: the top border of an empty paragraph, drawn in from both sides."""
    side = Mm(max(0.0, (room_mm - length_mm) / 2))
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = side
    layout.space_before, layout.space_after, layout.line_spacing = Pt(1), Pt(after), Pt(4)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"
    )


def _centred(
    file: DocxDocument,
    text: str,
    *,
    bold: bool = True,
    size: float = BODY,
    before: float = 0,
    after: float = 6,
    keep: bool = True,
    outline: int | None = None,
) -> None:
    paragraph = file.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after, layout.keep_with_next = Pt(before), Pt(after), keep
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    _outline(paragraph, outline)


def _running(
    file: DocxDocument,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float = BODY,
    before: float = 0,
    indent: bool = True,
    keep: bool = False,
    outline: int | None = None,
) -> None:
    paragraph = file.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    layout = paragraph.paragraph_format
    layout.space_before, layout.keep_with_next = Pt(before), keep
    if indent:
        layout.first_line_indent = Mm(FIRST_LINE)
    run = paragraph.add_run(_unbroken(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    _outline(paragraph, outline)


def _outline(paragraph: DocxParagraph, level: int | None) -> None:
    """Give a heading its place in the navigation pane without the looks of Word's own heading styles."""
    if level is None:
        return
    element = OxmlElement("w:outlineLvl")
    element.set(qn("w:val"), str(level))
    paragraph._p.get_or_add_pPr().insert_element_before(element, "w:rPr")


def _invisible_table(file: DocxDocument, rows: int, widths_mm: tuple[int, ...]) -> DocxTable:
    table: DocxTable = file.add_table(rows=rows, cols=len(widths_mm))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _grid(table, [Mm(wide) for wide in widths_mm])
    for row in table.rows:
        for cell, wide in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(wide)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), "0")
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins)
    return table


def _unbroken(text: str) -> str:
    """A line never begins with a lone percent sign."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def _ended(lines: Iterable[str]) -> Iterator[str]:
    """Each line ends with a semicolon, the last with a full stop (Phụ lục I, Mục II.6 and 9)."""
    texts = [line.rstrip(" ;.") for line in lines]
    for index, text in enumerate(texts):
        yield text + ("." if index == len(texts) - 1 else ";")


def _properties(file: DocxDocument, document: OfficialDocument) -> None:
    moment = datetime.combine(document.issued_on or UNDATED, time(0, 0))
    properties = file.core_properties
    properties.title = f"{document.kind} {document.subject}".strip()
    properties.author = properties.last_modified_by = document.issuer
    properties.subject, properties.keywords, properties.comments, properties.category = "", "", "", ""
    properties.language, properties.revision = "vi-VN", 1
    properties.created = properties.modified = moment


def packed_anew(file: DocxDocument) -> bytes:
    """Save, then pack again in sorted order with a fixed time and without the template's thumbnail."""
    for key, relation in list(file.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del file.part.package.rels[key]
    loose = io.BytesIO()
    file.save(loose)
    packed = io.BytesIO()
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, source.read(name))
    return packed.getvalue()
