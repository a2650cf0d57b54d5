"""Which printed lines make one block: paragraphs broken by a mail program, by a PDF or by HTML are put together again.

A break inside a paragraph is known by one of three signs: the line was full (the next word would not have fitted the
width of the page), the sentence visibly goes on (a small letter, or a comma, or a word such as "của" before the break),
or both ends look like the middle of a name. Everything else is a new block. Each block keeps its shape: bullet or
number, bold, heading marks, blank line before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from giaoban.reading.wording import VERBS, either

_UPPER = "A-ZÀ-ỸĐ"
_LETTER = "a-zà-ỹđA-ZÀ-ỸĐ"
# Ranks order the markers as administrative documents nest them; a smaller rank stands higher.
PART, CAPITAL, ROMAN, ARTICLE, NUMBER, DOTTED, LETTER, DASH, PLUS, NONE = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
_ORDINAL = either("nhất · hai · ba · tư · năm · sáu · bảy · tám · chín · mười")
_CARDINAL = either("một · hai · ba · bốn · năm · sáu · bảy · tám · chín · mười")
_MARKERS = (
    (PART, rf"(?i:phần|chương|mục|phụ lục)\s+(?:(?i:thứ)\s+[{_LETTER}]+|(?i:[ivxl]+)|\d+)\b\s*[.:-]?\s*"),
    (ARTICLE, r"(?i:điều)\s+\d{1,3}\s*[.:]\s*"),
    (ROMAN, r"[IVXL]{1,6}\s?[.)/-](?=\s)\s*"),
    (CAPITAL, r"[A-H]\s?[.)/](?=\s)\s*"),
    (DOTTED, rf"\d{{1,2}}(?:\.\d{{1,2}}){{1,4}}(?:\s?[.)](?=\s)|(?=\s[{_UPPER}\"]))\s*"),
    (NUMBER, rf"\d{{1,2}}\s?(?:[.)](?=\s|[{_UPPER}\"])|/(?=\s|[{_UPPER}][a-zà-ỹđ]))\s*"),
    (NUMBER, rf"\d{{1,2}}\s?-(?=\s+[{_UPPER}\"])\s*"),
    (NUMBER, r"[(\[]\d{1,2}[)\]](?=\s)\s*"),
    (NUMBER, rf"(?i:thứ\s+{_ORDINAL}|{_CARDINAL}\s+là)\s*[,:](?!\s*(?:\d|(?i:ngày)))\s*"),
    (LETTER, r"\(?[a-zđ]\s?[).](?=\s)\s*"),
    (PLUS, rf"[+◦○▫](?=\s|[{_UPPER}\"(])\s*"),
    (DASH, rf"[-•‣▪●■□►▶➢✓✔❖⮚·](?=\s|[{_UPPER}\"(])\s*|\*\s+"),
)
_MARKER_PATTERNS = tuple((rank, re.compile(pattern)) for rank, pattern in _MARKERS)
_MARKER_START = re.compile(r"[-•‣▪●■□►▶➢✓✔❖⮚·+◦○▫*(\[\dIVXLA-Ha-zđĐMmTtBbNnCcPpHhSs]")
_LONE = re.compile(r"[-+•‣▪●■○·]")
_EMPTY = re.compile(r"[\s|_=~.#*-]*")
_FULL_STOP = re.compile(r"[.;:!?…]['\")\]*]*$")
# A line that ends with one of these words goes on in the next.
_OPEN_END = re.compile(
    r"(?:^|\s)"
    + either(
        """
        và · hoặc · của · các · những · với · cho · theo · về · tại · từ · đến · trong · ngoài · trên · dưới · do ·
        bởi · bằng · là · mà · để · khi · nếu · như · số · ngày · tháng · năm · quý · lớp · đồng chí · ông · bà ·
        thời hạn · hạn · đạt · được · tăng · giảm · chiếm · khoảng · gần · hơn · còn · tổng số · tỷ lệ · tỉ lệ ·
        bộ · sở · phòng · tỉnh · huyện · xã · phường · thành phố
        """
    )
    + "$",
    re.IGNORECASE,
)
# "Văn phòng Sở" and "Phòng Tổ chức cán bộ" below it are two names, not one broken in the middle.
_BODY_END = re.compile(r"(?:bộ|sở|phòng|tỉnh|huyện|xã|phường|thành phố)$", re.IGNORECASE)
_CELLS = re.compile(r"\t|^\||\|.*\|")
_PLACE_END = re.compile(r"(?:tỉnh|huyện|xã|phường|thành phố)$", re.IGNORECASE)
_BODY_START = re.compile(
    r"(?:Sở|Phòng|Văn phòng|Trường|Các|UBND|Ủy ban|Uỷ ban|Thanh tra|Công an|Trung tâm|Đoàn|Hội|Tháng|Quý|Năm|Trước|"
    r"Thường xuyên|Hằng|Hàng|Định kỳ)(?:\s|$)"
)
_NAME_END = re.compile(rf"\s[{_UPPER}][a-zà-ỹđ]+$")
_NAME_START = re.compile(rf"[{_UPPER}][a-zà-ỹđ]+(?:\s[-–,]|\s[{_UPPER}a-zà-ỹđ])")
_BOLD = re.compile(r"\*\*.+\*\*?$|__.+__$")
_BOLD_INSIDE = re.compile(r"[^*]\*\*[^*]")


@dataclass(slots=True, frozen=True)
class Shape:
    """How a block looks on the page."""

    marker: str = ""
    rank: int = NONE
    bold: bool = False
    hashes: int = 0
    gap: bool = False


@dataclass(slots=True)
class Block:
    """Stretches of the text that belong together, and their look."""

    parts: list[tuple[int, int]]
    shape: Shape

    @property
    def size(self) -> int:
        return sum(end - start for start, end in self.parts)


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    text: str
    gap: bool
    shape: Shape = field(default_factory=Shape)
    content: int = 0  # where the text begins after its marker


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text, from top to bottom. Separator lines are left out."""
    page = list(_lines(text))
    width = _width(page)
    ragged = width == 0 and _ragged(page)
    gapped = _gapped(page)
    spaced = width > 0 and _spaced(page, width)
    current: Block | None = None
    before: _Line | None = None
    for line in page:
        if (
            current is not None
            and before is not None
            and (_goes_on(before, line, width, ragged, spaced, current.size) or (gapped and _inside(before, line)))
        ):
            current.parts.append((line.start, line.end))
        else:
            if current is not None:
                yield _whole(text, current)
            current = Block([(line.start + line.content, line.end)], line.shape)
        before = line
    if current is not None:
        yield _whole(text, current)


def _whole(text: str, block: Block) -> Block:
    """A block whose bold type runs over several lines is bold too."""
    if len(block.parts) > 1 and not block.shape.bold:
        start, end = block.parts[0][0], block.parts[-1][1]
        opened = text.rfind("\n", 0, start) + 1
        raw = text[opened:end].strip()
        if raw.startswith("**") and raw.endswith("*") and not _BOLD_INSIDE.search(raw[2:-2]):
            block.shape = replace(block.shape, bold=True)
    return block


def _lines(text: str) -> Iterator[_Line]:
    gap, lone, at = True, "", 0
    for raw in text.split("\n"):
        begin, at = at, at + len(raw) + 1
        stripped = raw.strip()
        if not stripped or _EMPTY.fullmatch(stripped):
            if _LONE.fullmatch(stripped):
                lone = stripped
            elif not stripped:
                gap = True
            continue
        start = begin + raw.index(stripped[0])
        line = _Line(start, start + len(stripped), stripped, gap)
        _shape(line, lone)
        yield line
        gap, lone = False, ""


def _shape(line: _Line, lone: str) -> None:
    """Find marker, heading marks and boldness of a line."""
    text, at, hashes = line.text, 0, 0
    if text[0] == "#":
        hashes = len(text) - len(text.lstrip("#"))
        at = hashes
    bold = bool(_BOLD.fullmatch(text[at:].strip())) and not _BOLD_INSIDE.search(text[at + 2 : -2])
    while at < len(text) and (text[at].isspace() or (text[at] == "*" and text[at : at + 2] != "* ")):
        at += 1
    marker, rank = _marker(text, at)
    end = at + len(marker)
    if end >= len(text.rstrip("* ")) and rank == PART:
        end = at  # "Chương II" alone keeps its words
    if lone and not marker:
        marker, rank = lone, DASH
    line.shape = Shape(marker.strip(), rank, bold, hashes, line.gap)
    line.content = end


def _marker(text: str, at: int) -> tuple[str, int]:
    if not _MARKER_START.match(text, at):
        return "", NONE
    for rank, pattern in _MARKER_PATTERNS:
        found = pattern.match(text, at)
        if found:
            return found[0], rank
    return "", NONE


def _first_word(line: _Line) -> int:
    space = line.text.find(" ")
    return space if space >= 0 else len(line.text)


def _width(page: list[_Line]) -> int:
    """Width at which the text was broken; 0 where it was not."""
    longest = max((len(line.text) for line in page), default=0)
    if not 38 <= longest <= 200:
        return 0
    single = full = 0
    for above, line in pairwise(page):
        if line.gap or line.shape.marker or above.text.isupper() or len(above.text) * 2 < longest:
            continue
        if _FULL_STOP.search(above.text):
            continue
        single += 1
        full += len(above.text) + 1 + _first_word(line) > longest
    return longest if full >= 3 and full * 2 >= single else 0


def _spaced(page: list[_Line], width: int) -> bool:
    """Whether a broken text has blank lines between its paragraphs, so that other breaks are inside them.

    A line that ended early was the last of its paragraph.
    """
    ends = spaced = 0
    for above, line in pairwise(page):
        early = len(above.text) + 1 + _first_word(line) <= width
        if early and _FULL_STOP.search(above.text) and line.text[0].isupper() and not line.shape.marker:
            ends += 1
            spaced += line.gap
    return spaced * 2 >= ends


def _ragged(page: list[_Line]) -> bool:
    """Whether lines were broken at no fixed width, as HTML source often is."""
    single = broken = 0
    for above, line in pairwise(page):
        if line.gap or line.shape.marker:
            continue
        single += 1
        broken += line.text[0].islower() and not _FULL_STOP.search(above.text)
    return broken >= 4 and broken * 4 >= single


def _begins_work(above: _Line, line: _Line) -> bool:
    """Whether work begins below the name of a unit that ends with its place: "… Biên phòng tỉnh", "Phối hợp với …"."""
    return bool(_PLACE_END.search(above.text)) and VERBS.match(line.text.lower().split(None, 3)[:3], 0) > 0


def _gapped(page: list[_Line]) -> bool:
    """Whether blank lines stand between the paragraphs of a text."""
    breaks = [line for line in page[1:] if not line.shape.marker]
    return len(breaks) >= 4 and sum(line.gap for line in breaks) * 10 >= len(breaks) * 6


def _inside(above: _Line, line: _Line) -> bool:
    """Whether a line without a blank line before it goes on with a long one that did not end."""
    if line.gap or line.shape.marker or line.shape.hashes or line.shape.bold or above.shape.bold or above.shape.hashes:
        return False
    long = len(above.text) >= 56 and not above.text.isupper() and not line.text.isupper()
    if not long or _FULL_STOP.search(above.text):
        return False
    rest = line.text.lstrip("0123456789.,/%-;) ")
    return line.text[0].islower() or (line.text[0].isdigit() and not rest[:1].isupper())


def _goes_on(above: _Line, line: _Line, width: int, ragged: bool, spaced: bool, size: int) -> bool:
    """Whether `line` continues the block that ends with `above` and has `size` characters so far."""
    if _CELLS.search(line.text) or _CELLS.search(above.text):
        return False
    full = bool(width) and not line.gap and len(above.text) + 1 + _first_word(line) > width
    if line.shape.hashes or line.shape.bold or above.shape.bold or (above.shape.hashes and not full):
        return False
    ended = _FULL_STOP.search(above.text) is not None
    if line.shape.marker:
        return full and not ended and not above.text.isupper()
    if line.gap:
        return above.text.endswith(",") and size > 40 and line.text[0].isalpha()
    if full:
        return spaced or not (ended and line.text[0].isupper())
    if (line.text[0].islower() and (not ended or above.text.endswith(";"))) or above.text.endswith(","):
        return True
    if ended or above.text.isupper() != line.text.isupper():
        return False
    if _OPEN_END.search(above.text):
        return not (_BODY_END.search(above.text) and (_BODY_START.match(line.text) or _begins_work(above, line)))
    name_broken = _NAME_END.search(above.text) and len(above.text) > 40 and _NAME_START.match(line.text)
    return ragged and not above.text.isupper() and bool(line.text[0].isdigit() or len(above.text) >= 60 or name_broken)
