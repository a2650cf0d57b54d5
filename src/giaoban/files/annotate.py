"""Marks faults in a copy of somebody's own workbook: the cell coloured, a note at it, a worksheet that lists them all.

The parts of the file are patched where they must change and copied letter for letter where not: macros of layout,
charts, pictures, validations and whatever else a spreadsheet program put there stay. (Through openpyxl the same takes
many times as long and loses what openpyxl does not know; benchmarks/bench_workbooks.py keeps both figures.)
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from giaoban.files import package
from giaoban.files.package import Worksheet, attributes
from giaoban.files.workbook import tab_names

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
AUTHOR = "Giao Ban"
RED, AMBER = "FFF6B9AE", "FFFCE0A6"
MOST_LISTED = 60_000

ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
TAG = re.compile(rb"""<(/?)([\w:.-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(/?)>""")
SHEET_DATA = re.compile(rb"<((?:\w+:)?)sheetData\s*(?:/>|>(.*?)</(?:\w+:)?sheetData>)", re.DOTALL)
ROWS = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
STYLE = re.compile(rb'\bs="(\d+)"')
CELL_XFS = re.compile(rb"(<(?:\w+:)?cellXfs\b)([^>]*)>(.*?)(</(?:\w+:)?cellXfs>)", re.DOTALL)
XF = re.compile(rb"<(?:\w+:)?xf\b[^>]*?(?:/>|>.*?</(?:\w+:)?xf>)", re.DOTALL)
FILLS = re.compile(rb"(<(?:\w+:)?fills\b)([^>]*)>(.*?)(</(?:\w+:)?fills>)", re.DOTALL)
FILL = re.compile(rb"<(?:\w+:)?fill\b[^>]*?(?:/>|>.*?</(?:\w+:)?fill>)", re.DOTALL)
AFTER_LEGACY = {
    b"legacyDrawingHF", b"drawingHF", b"picture", b"oleObjects", b"controls", b"webPublishItems", b"tableParts",
    b"extLst",
}  # fmt: skip
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Mark:
    """A sentence at a cell ("E12"); without an address it is about the page or the file. `look`: no fault."""

    sheet: str
    at: str
    text: str
    label: str = ""
    look: bool = False


WORDS = {
    "summary": "Lỗi cần sửa", "title": "Các chỗ cần sửa trong tệp này", "sheet": "Trang", "cell": "Ô",
    "label": "Chỉ tiêu", "text": "Nội dung", "kind": "Loại", "wrong": "Lỗi", "look": "Cần xem", "more": "và còn nữa",
}  # fmt: skip


def annotated(content: bytes, marks: Sequence[Mark], words: Mapping[str, str] = WORDS) -> bytes:
    """The workbook's bytes with every mark in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        changed = _Copy(source, marks, {**WORDS, **words}).parts()
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as copy:
            for entry in source.infolist():
                copy.writestr(entry.filename, changed.pop(entry.filename, b"") or source.read(entry.filename))
            for name, added in changed.items():
                copy.writestr(name, added)
    return target.getvalue()


@dataclass
class _Copy:
    """What the copy has that the original has not."""

    source: zipfile.ZipFile
    marks: Sequence[Mark]
    words: Mapping[str, str]
    changed: dict[str, bytes] = field(default_factory=dict)
    overrides: list[tuple[str, str]] = field(default_factory=list)

    def parts(self) -> dict[str, bytes]:
        sheets = package.worksheets(self.source)
        self.styles = _Styles(self._styles_part())
        at_cells: dict[str, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
        known = {one.name for one in sheets}
        for mark in self.marks:
            if mark.sheet in known and ADDRESS.fullmatch(mark.at):
                at_cells[mark.sheet][mark.at].append(mark)
        for number, sheet in enumerate(sheets):
            if sheet.name in at_cells:
                self._sheet(number, sheet, at_cells[sheet.name])
        self._summary(sheets, known)
        if self.styles.path:
            self.changed[self.styles.path] = self.styles.content()
        self._types()
        return self.changed

    def _part(self, path: str) -> bytes:
        return self.changed.get(path) or package.part(self.source, path)

    def _styles_part(self) -> tuple[str, bytes]:
        for kind, path in package.relations(self.source, package.WORKBOOK).values():
            if kind.endswith("/styles"):
                return path, package.part(self.source, path)
        return "", b""

    # A worksheet with faults

    def _sheet(self, number: int, sheet: Worksheet, marks: Mapping[str, list[Mark]]) -> None:
        content = self._part(sheet.path)
        content = _coloured(content, marks, self.styles)
        pointed = package.relations(self.source, sheet.path)
        added: list[tuple[str, str, str]] = []
        comments = next((path for kind, path in pointed.values() if kind.endswith("/comments")), "")
        texts = {at: "\n".join(mark.text for mark in here) for at, here in marks.items()}
        if comments:
            self.changed[comments], new = _with_comments(package.part(self.source, comments), texts)
        else:
            comments = self._free(f"xl/comments_loi{number + 1}.xml")
            self.changed[comments], new = _with_comments(_no_comments(), texts)
            self.overrides.append((comments, COMMENTS_TYPE))
            added.append((_free_id(pointed, "rIdLoi1"), f"{RELATIONS}/comments", comments))
        legacy = re.search(rb"<(?:\w+:)?legacyDrawing\b([^>]*)>", content)
        drawing = ""
        if legacy:
            relation = next((value for key, value in attributes(legacy[1]).items() if key.endswith(":id")), "")
            drawing = pointed.get(relation, ("", ""))[1]
        if drawing:
            self.changed[drawing] = _with_shapes(self._part(drawing), new, number)
        else:
            drawing = self._free(f"xl/drawings/vmlDrawing_loi{number + 1}.vml")
            self.changed[drawing] = _with_shapes(_no_shapes(number), new, number)
            relation = _free_id(pointed, "rIdLoi2")
            added.append((relation, f"{RELATIONS}/vmlDrawing", drawing))
            content = _with_legacy(content, relation)
        self.changed[sheet.path] = content
        if added:
            self._relate(sheet.path, added)

    def _free(self, path: str) -> str:
        stem, suffix = posixpath.splitext(path)
        number = 0
        while path in self.source.NameToInfo or path in self.changed:
            number += 1
            path = f"{stem}_{number}{suffix}"
        return path

    def _relate(self, path: str, added: Sequence[tuple[str, str, str]]) -> None:
        beside = package.relations_path(path)
        empty = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        content = self._part(beside) if beside in self.source.NameToInfo or beside in self.changed else empty
        prefix = _prefix(content, b"Relationships")
        rows = b"".join(
            b'<%sRelationship Id="%s" Type="%s" Target="/%s"/>' % (prefix, one.encode(), kind.encode(), there.encode())
            for one, kind, there in added
        )
        self.changed[beside] = _before_end(content, b"Relationships", rows)

    # The list

    def _summary(self, sheets: Sequence[Worksheet], known: set[str]) -> None:
        name = tab_names([self.words["summary"]], known)[0]
        path = self._free("xl/worksheets/sheet_loi.xml")
        pointed = package.relations(self.source, package.WORKBOOK)
        relation = _free_id(pointed, "rIdLoi")
        self.changed[path] = _listing(self.marks, known, self.words, self.styles)
        self.overrides.append((path, SHEET_TYPE))
        self._relate(package.WORKBOOK, [(relation, f"{RELATIONS}/worksheet", path)])
        workbook = self._part(package.WORKBOOK)
        highest = max((int(one.number) for one in sheets if one.number.isdecimal()), default=0)
        prefix = _prefix(workbook, b"sheets")
        row = b'<%ssheet xmlns:r="%s" name="%s" sheetId="%d" r:id="%s"/>' % (
            prefix, RELATIONS.encode(), escape(name).encode(), highest + 1, relation.encode(),
        )  # fmt: skip
        workbook = _before_end(workbook, b"sheets", row)
        place = len(re.findall(rb"<(?:\w+:)?sheet\b", workbook)) - 1
        view = re.search(rb"<(?:\w+:)?workbookView\b[^>]*>", workbook)
        if view:
            tag = re.sub(rb'\s(?:activeTab|firstSheet)="\d+"', b"", view[0])
            tag = re.sub(rb"(/?)>$", b' activeTab="%d"\\1>' % place, tag)
            workbook = workbook.replace(view[0], tag, 1)
            for sheet in sheets:
                content = self._part(sheet.path)
                if b"tabSelected=" in content:
                    self.changed[sheet.path] = re.sub(rb'\stabSelected="(?:1|true)"', b"", content, count=1)
        self.changed[package.WORKBOOK] = workbook

    def _types(self) -> None:
        content = package.part(self.source, package.TYPES)
        prefix = _prefix(content, b"Types")
        rows = b"".join(
            b'<%sOverride PartName="/%s" ContentType="%s"/>' % (prefix, path.encode(), kind.encode())
            for path, kind in self.overrides
        )
        if not re.search(rb'Extension="vml"', content, re.IGNORECASE):
            rows += b'<%sDefault Extension="vml" ContentType="%s"/>' % (prefix, VML_TYPE.encode())
        self.changed[package.TYPES] = _before_end(content, b"Types", rows)


# Looks


class _Styles:
    """The file's own cell looks, and the same ones coloured."""

    def __init__(self, found: tuple[str, bytes]) -> None:
        self.path, self.original = found
        match = CELL_XFS.search(self.original)
        self.looks = XF.findall(match[3]) if match else []
        fills = FILLS.search(self.original)
        self.fills = len(FILL.findall(fills[3])) if fills else 0
        if not match or not fills:
            self.path = ""
        self.added: dict[tuple[int, bool], int] = {}
        self.new: list[bytes] = []

    def of(self, style: int, look: bool) -> int | None:
        """The number of the look `style` with the colour of a fault."""
        if not self.path:
            return None
        key = (style if style < len(self.looks) else 0, look)
        if key not in self.added:
            base = self.looks[key[0]]
            head, rest = re.match(rb"(<(?:\w+:)?xf\b[^>]*?)(/?>.*)$", base, re.DOTALL).groups()  # type: ignore[union-attr]
            head = re.sub(rb'\s(?:fillId|applyFill)="[^"]*"', b"", head)
            self.new.append(head + b' fillId="%d" applyFill="1"' % (self.fills + look) + rest)
            self.added[key] = len(self.looks) + len(self.new) - 1
        return self.added[key]

    def plain(self, look: bool) -> int | None:
        return self.of(0, look)

    def content(self) -> bytes:
        prefix = _prefix(self.original, b"fills")
        fills = b"".join(
            b'<%sfill><%spatternFill patternType="solid"><%sfgColor rgb="%s"/><%sbgColor indexed="64"/>'
            b"</%spatternFill></%sfill>" % (prefix, prefix, prefix, colour.encode(), prefix, prefix, prefix)
            for colour in (RED, AMBER)
        )
        content = FILLS.sub(lambda found: _counted(found, self.fills + 2, fills), self.original, count=1)
        return CELL_XFS.sub(
            lambda found: _counted(found, len(self.looks) + len(self.new), b"".join(self.new)), content, count=1
        )


def _counted(found: re.Match[bytes], count: int, added: bytes) -> bytes:
    kept = re.sub(rb'\scount="\d*"', b"", found[2])
    return found[1] + kept + b' count="%d">' % count + found[3] + added + found[4]


def _coloured(content: bytes, marks: Mapping[str, list[Mark]], styles: _Styles) -> bytes:
    """The worksheet with those cells in their colour; cells and rows that are not written yet are put in."""
    data = SHEET_DATA.search(content)
    if data is None:
        return content
    prefix = data[1]
    by_row: dict[int, dict[int, bool]] = defaultdict(dict)
    for at, here in marks.items():
        letters, number = ADDRESS.fullmatch(at).groups()  # type: ignore[union-attr]
        by_row[int(number)][package.column_number(letters)] = all(mark.look for mark in here)
    pieces: list[bytes] = []
    waiting = sorted(by_row)
    last, place, body = 0, 0, data[2] or b""
    for row in ROWS.finditer(body):
        given = re.search(rb'\br="(\d+)"', row[1])
        number = int(given[1]) if given else last + 1
        last = number
        pieces.append(body[place : row.start()])
        place = row.end()
        while waiting and waiting[0] < number:
            missing = waiting.pop(0)
            pieces.append(
                b'<%srow r="%d">%s</%srow>'
                % (prefix, missing, _cells(b"", missing, by_row[missing], styles, prefix), prefix)
            )
        if waiting and waiting[0] == number:
            waiting.pop(0)
            inside = _cells(row[2] or b"", number, by_row[number], styles, prefix)
            # Without the optional hint which columns a row spans, since there may be more of them now.
            kept = re.sub(rb'\sspans="[^"]*"', b"", row[1])
            pieces.append(b"<%srow%s>%s</%srow>" % (prefix, kept, inside, prefix))
        else:
            pieces.append(row[0])
    pieces.append(body[place:])
    for missing in waiting:
        pieces.append(
            b'<%srow r="%d">%s</%srow>'
            % (prefix, missing, _cells(b"", missing, by_row[missing], styles, prefix), prefix)
        )
    whole = b"<%ssheetData>%s</%ssheetData>" % (prefix, b"".join(pieces), prefix)
    return content[: data.start()] + whole + content[data.end() :]


def _cells(inside: bytes, row: int, wanted: Mapping[int, bool], styles: _Styles, prefix: bytes) -> bytes:
    pieces: list[bytes] = []
    waiting = sorted(wanted)
    last, place = -1, 0

    def empty(column: int) -> bytes:
        style = styles.of(0, wanted[column])
        said = b"" if style is None else b' s="%d"' % style
        return b'<%sc r="%s%d"%s/>' % (prefix, package.column_name(column).encode(), row, said)

    for cell in package.CELL.finditer(inside):
        given = re.search(rb'\br="([A-Z]+)\d+"', cell[1])
        column = package.column_number(given[1].decode()) if given else last + 1
        last = column
        pieces.append(inside[place : cell.start()])
        place = cell.end()
        while waiting and waiting[0] < column:
            pieces.append(empty(waiting.pop(0)))
        if waiting and waiting[0] == column:
            pieces.append(_styled(cell, styles, wanted[waiting.pop(0)]))
        else:
            pieces.append(cell[0])
    pieces.append(inside[place:])
    pieces += [empty(column) for column in waiting]
    return b"".join(pieces)


def _styled(cell: re.Match[bytes], styles: _Styles, look: bool) -> bytes:
    has = STYLE.search(cell[1])
    style = styles.of(int(has[1]) if has else 0, look)
    if style is None:
        return cell[0]
    start = cell.start(1) - cell.start()
    end = cell.end(1) - cell.start()
    kept = STYLE.sub(b"", cell[1]).rstrip()
    return cell[0][:start] + kept + b' s="%d"' % style + cell[0][end:]


# Notes


def _no_comments() -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{SPREADSHEET}">'
        "<authors></authors><commentList></commentList></comments>"
    ).encode()


def _with_comments(content: bytes, texts: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """The notes of a worksheet with these too, and the cells that had none before."""
    prefix = _prefix(content, b"commentList")
    content = re.sub(rb"<((?:\w+:)?)(authors|commentList)\s*/>", rb"<\1\2></\1\2>", content)
    author = len(re.findall(rb"<(?:\w+:)?author\b", content))
    content = _before_end(content, b"authors", b"<%sauthor>%s</%sauthor>" % (prefix, AUTHOR.encode(), prefix))
    old = {ref.decode() for ref in re.findall(rb'<(?:\w+:)?comment\b[^>]*?\bref="([A-Z]+\d+)"', content)} & texts.keys()
    if old:

        def more(found: re.Match[bytes]) -> bytes:
            ref = found[1].decode()
            if ref not in old:
                return found[0]
            run = b'<%sr><%st xml:space="preserve">\n%s</%st></%sr>' % (
                prefix,
                prefix,
                _text(texts[ref]),
                prefix,
                prefix,
            )
            return re.sub(rb"(</(?:\w+:)?text>)", lambda end: run + end[1], found[0], count=1)

        content = re.sub(
            rb'<(?:\w+:)?comment\b[^>]*?\bref="([A-Z]+\d+)".*?</(?:\w+:)?comment>', more, content, flags=re.DOTALL
        )
    new = [at for at in texts if at not in old]
    rows = b"".join(
        b'<%scomment ref="%s" authorId="%d"><%stext><%sr><%st xml:space="preserve">%s</%st></%sr></%stext></%scomment>'
        % (prefix, at.encode(), author, prefix, prefix, prefix, _text(texts[at]), prefix, prefix, prefix, prefix)
        for at in new
    )
    return _before_end(content, b"commentList", rows), new


SPACES = (  # said at each shape, since other programs call these namespaces otherwise
    b' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
SHAPE_TYPE = (
    b"<v:shapetype"
    + SPACES
    + b' id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def _no_shapes(number: int) -> bytes:
    return (
        b"<xml"
        + SPACES
        + b'><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/></o:shapelayout></xml>' % (number + 1)
    )


def _with_shapes(content: bytes, cells: Sequence[str], number: int) -> bytes:
    """A note needs a shape, or no program shows it."""
    pieces = [] if b'id="_x0000_t202"' in content else [SHAPE_TYPE]
    first = 1_000_000 * (number + 1)
    for place, at in enumerate(cells):
        letters, digits = ADDRESS.fullmatch(at).groups()  # type: ignore[union-attr]
        column, row = package.column_number(letters), int(digits) - 1
        pieces.append(
            b'<v:shape%s id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
            b'width:220pt;height:64pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
            b'<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
            b'<v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/>'
            b"<x:SizeWithCells/><x:Anchor>%d, 15, %d, 10, %d, 15, %d, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
            b"<x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
            % (SPACES, first + place, column + 1, max(row - 1, 0), column + 4, row + 4, row, column)
        )
    end = content.rfind(b"</xml>")
    if end < 0:
        raise package.Damaged("drawing")
    return content[:end] + b"".join(pieces) + content[end:]


def _with_legacy(content: bytes, relation: str) -> bytes:
    """Put the drawing where the order of a worksheet's parts wants it."""
    data = SHEET_DATA.search(content)
    depth, place = 0, content.rfind(b"</")
    prefix = data[1] if data else b""
    for tag in TAG.finditer(content, data.end() if data else 0):
        closing, name, _rest, alone = tag.groups()
        if closing:
            depth -= 1
        elif depth == 0 and name.rpartition(b":")[2] in AFTER_LEGACY:
            place = tag.start()
            break
        elif not alone:
            depth += 1
        if depth < 0:
            place = tag.start()
            break
    row = b'<%slegacyDrawing xmlns:r="%s" r:id="%s"/>' % (prefix, RELATIONS.encode(), relation.encode())
    return content[:place] + row + content[place:]


# The list of all


def _listing(marks: Sequence[Mark], known: set[str], words: Mapping[str, str], styles: _Styles) -> bytes:
    wrong, look = styles.plain(False), styles.plain(True)
    looks = sum(mark.look for mark in marks)
    counted = f"{words['wrong']}: {len(marks) - looks}. {words['look']}: {looks}."
    rows = [_row(1, [words["title"]]), _row(2, [counted])]
    rows.append(_row(4, ["STT", words["sheet"], words["cell"], words["label"], words["kind"], words["text"]], wrong))
    links = []
    listed = sorted(marks, key=lambda mark: mark.look)[:MOST_LISTED]
    for place, mark in enumerate(listed, start=1):
        number = 4 + place
        kind = words["look"] if mark.look else words["wrong"]
        rows.append(
            _row(number, [place, mark.sheet, mark.at, mark.label, kind, mark.text], look if mark.look else None)
        )
        if mark.sheet in known:
            there = "'" + mark.sheet.replace("'", "''") + "'!" + (mark.at if ADDRESS.fullmatch(mark.at) else "A1")
            links.append(
                f'<hyperlink ref="C{number}" location="{_attribute(there)}" display="{_attribute(mark.at or "A1")}"/>'
            )
    if len(marks) > len(listed):
        rows.append(_row(5 + len(listed), [words["more"]]))
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{SPREADSHEET}">'
        '<sheetPr><tabColor rgb="FFD4351C"/></sheetPr>'
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="4" topLeftCell="A5" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        '<cols><col min="1" max="1" width="6" customWidth="1"/><col min="2" max="2" width="28" customWidth="1"/>'
        '<col min="3" max="3" width="9" customWidth="1"/><col min="4" max="4" width="46" customWidth="1"/>'
        '<col min="5" max="5" width="10" customWidth="1"/><col min="6" max="6" width="100" customWidth="1"/></cols>'
        f"<sheetData>{''.join(rows)}</sheetData>{linked}"
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _row(number: int, cells: Sequence[str | int], style: int | None = None) -> str:
    said = "" if style is None else f' s="{style}"'
    written = []
    for column, cell in enumerate(cells):
        at = f"{package.column_name(column)}{number}"
        if isinstance(cell, int):
            written.append(f'<c r="{at}"{said}><v>{cell}</v></c>')
        elif cell or said:
            written.append(f'<c r="{at}"{said} t="inlineStr"><is><t xml:space="preserve">{_clean(cell)}</t></is></c>')
    return f'<row r="{number}">{"".join(written)}</row>'


def _clean(text: str) -> str:
    return escape(UNWRITABLE.sub("", text), quote=False)


def _attribute(text: str) -> str:
    return escape(UNWRITABLE.sub("", text), quote=True)


def _text(text: str) -> bytes:
    return _clean(text).encode()


# Places in parts


def _prefix(content: bytes, name: bytes) -> bytes:
    found = re.search(rb"<((?:\w+:)?)" + name + rb"\b", content)
    return found[1] if found else b""


def _before_end(content: bytes, name: bytes, added: bytes) -> bytes:
    """Put more at the end of an element, opened where it is written as empty."""
    ends = list(re.finditer(rb"</(?:\w+:)?" + name + rb"\s*>", content))
    if ends:
        place = ends[-1].start()
        return content[:place] + added + content[place:]
    alone = re.search(rb"<((?:\w+:)?" + name + rb")\b([^>]*)/>", content)
    if alone is None:
        raise package.Damaged(name.decode())
    opened = b"<" + alone[1] + alone[2] + b">" + added + b"</" + alone[1] + b">"
    return content[: alone.start()] + opened + content[alone.end() :]


def _free_id(pointed: Mapping[str, object], wanted: str) -> str:
    name, number = wanted, 0
    while name in pointed:
        number += 1
        name = f"{wanted}_{number}"
    return name
