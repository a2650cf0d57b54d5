"""Our guess of a table's shape, which a person then corrects: head, body, notes, and what each column holds.

Looks only at what stands where: rows of numbers are the body, what is above them the head, single texts in between are
sections, texts below notes. `knows` says which share of some texts are names of units; the rest is plain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from giaoban.core.text import fold
from giaoban.files.grids import Grid, Row
from giaoban.intake import cells
from giaoban.intake import spec as specs
from giaoban.intake.spec import CODE, COUNT, FLAG, IGNORE, NAME, PERIOD, PLACE, VALUE, VARIABLE, Column, Spec

Knows = Callable[[Sequence[str]], float]
"""The share of the texts that name units."""

SAMPLE = 1500
VARIED = 250  # more different texts than this are no variable
UNITS = re.compile(r"^(?:don vi(?: tinh)?|unit|dvt|đvt)\b")
SERIAL = frozenset(["stt", "tt", "so tt", "so thu tu", "no", "nr", "order", "thu tu"])
CODES = re.compile(r"\bma\b|\bcode\b|\bid\b")
NAMES = re.compile(
    r"\bten\b|\bdia phuong\b|\bdon vi\b(?! tinh)|\btruong\b|\btinh\b|\bthanh pho\b|\bhuyen\b|\bxa\b|\bphuong\b"
    r"|\bprovinces?\b|\barea\b|\bschools?\b|\bname\b|\bdistricts?\b|\bcommunes?\b|\bvung\b|\bco so\b|\blocalit"
)
PLACES = re.compile(
    r"\btinh\b|\bthanh pho\b|\bhuyen\b|\bquan\b|\bxa\b|\bphuong\b|\bdia ban\b|\bcommunes?\b|\bdistricts?\b"
)
OWN_NAMES = (  # heads of the column that names the unit itself, where others only say where it lies
    re.compile(
        r"\bten (?:nha )?truong\b|^truong(?: hoc)?$|\bco so giao duc\b|\bcsgd\b|\bten co so\b|^schools?$|school name"
    ),
    re.compile(r"\bten (?:don vi|dia phuong|xa|phuong|tinh|huyen)\b|^don vi$|^dia phuong$|^name$"),
)
PERIODS = re.compile(
    r"^(?:nam|nam hoc|ky|ky bao cao|thang|quy|hoc ky|years?|school years?|periods?|time|thoi gian|thoi diem)$"
)
FLAGS = re.compile(r"so bo|prelim|^prel|uoc tinh|estimat")
MARKS = re.compile(r"^is_|^is |region|la tong|flag|ghi chu|notes?$|remark")
GENERIC = re.compile(r"^(?:values?|gia tri|so lieu|tri so|figures?|obs value|amount|so luong|ket qua|observation)$")
CLASSES = re.compile(r"^(?:ten )?lop(?: hoc)?$|^class(?:es| name)?$")


def guess(grid: Grid, knows: Knows = lambda texts: 0.0) -> Spec:
    """The table as it seems to be. Any grid gives some guess."""
    first, head = _first(grid)
    last = _last(grid, first)
    columns = heads(grid, head)
    body = [row for row in grid.rows[first : last + 1] if any(cell != "" for cell in row)][:SAMPLE]
    columns, _level_known = _roles(columns, body, knows)
    spec = Spec(head=head, first=first, last=last, columns=tuple(columns), label=title(grid, head, first))
    spec = spec.changed(style=cells.style_of(_texts(body, spec.places(VALUE))), add=bool(spec.places(COUNT)))
    spec = spec.changed(dash=_dash(grid, spec), period=_stated(grid, spec))
    return spec if grid.whole else spec.changed(last=-1)


# Where the body begins and ends


def _is_number(cell: Any) -> bool:
    """A number that is not a year."""
    if cell == "" or cells.said(cell) is not None:
        return False
    try:
        cells.number(cell)
    except cells.NotANumber:
        return False
    return True


def _says(cell: Any) -> bool:
    return cell != "" and cell is not None


def _is_index(row: Row) -> bool:
    """The line of column numbers of Vietnamese forms: A B 1 2 3, or (1) (2) (3)."""
    texts = [str(cell).strip("() ").removesuffix(".0") for cell in row if _says(cell)]
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) <= 3]
    rest = [text for text in texts if not text.isdecimal()]
    return (
        len(numbers) >= 2
        and numbers[0] in (0, 1, 2, 3, 4)
        and all(after == before + 1 for before, after in pairwise(numbers))
        and all(len(text) == 1 or "=" in text or "+" in text for text in rest)
        and len(texts) >= 3
    )


def _holds_figures(row: Row) -> bool:
    return any(_is_number(cell) for cell in row) and not _is_index(row)


def _is_silent(cell: Any) -> bool:
    """Said to be missing, or to be nought."""
    return _says(cell) and (cells.is_nothing(cell) or cells.is_dash(cell))


def _says_silence(row: Row) -> bool:
    """A legend: the sign alone in the first cell, its meaning beside it."""
    said = [cell for cell in row if _says(cell)]
    return len(said) <= 2 and _is_silent(said[0])


def _first(grid: Grid) -> tuple[int, tuple[int, ...]]:
    """The first row of the body, and the rows of the head above it."""
    rows = grid.rows
    first = next(
        (place for place, row in enumerate(rows) if _holds_figures(row) and _goes_on(rows, place)),
        next((place for place, row in enumerate(rows) if _holds_figures(row)), None),
    )
    if first is None:  # years alone, or words alone: the first full row is the head
        filled = [place for place, row in enumerate(rows) if sum(map(_says, row)) >= 2]
        return (filled[0] + 1, (filled[0],)) if filled else (0, ())
    return _head(grid, first)


def _goes_on(rows: Sequence[Row], place: int) -> bool:
    """Most rows that follow hold figures too, and this one more than a note with a number in it."""
    following = [row for row in rows[place + 1 : place + 12] if any(map(_says, row))][:6]
    alike = sum(map(_holds_figures, following))
    return alike * 2 >= len(following) and sum(map(_says, rows[place])) >= 2


def _head(grid: Grid, first: int) -> tuple[int, tuple[int, ...]]:
    """Upwards from the first figures: sections, then the head, up to the title or an empty row."""
    rows, place = grid.rows, first - 1
    sections: list[int] = []
    while place >= 0 and first - place <= 6 and _filled(grid, place) <= 1 and not _spans_values(grid, place):
        if _filled(grid, place) == 1:
            sections.append(place)
        place -= 1
    if place < 0 or _filled(grid, place) == 0 or first - place > 6:
        below = [one for one in sections if one == first - 1] if not grid.merged else []
        return first, tuple(below) if below and _filled(grid, first) <= 1 else ()
    head = []
    while place >= 0 and len(head) < 8 and (_filled(grid, place) >= 2 or _spans_values(grid, place)):
        if _is_unit(rows[place]) or (len(head) and _is_title(grid, place)):
            break
        if not _is_index(rows[place]):
            head.append(place)
        place -= 1
    if not head:
        return first, ()
    return (min(sections) if sections else first), tuple(sorted(head))


def _filled(grid: Grid, place: int) -> int:
    return sum(map(_says, grid.rows[place]))


def _spans_values(grid: Grid, place: int) -> bool:
    """One text over several columns but not over the first: "Năm học" above its years."""
    return any(top == place and left > 0 and right > left for top, left, _, right in grid.merged) and any(
        _says(cell) for cell in grid.rows[place]
    ) and not _is_unit(grid.rows[place])  # fmt: skip


def _is_unit(row: Row) -> bool:
    texts = [str(cell) for cell in row if _says(cell)]
    return len(texts) <= 2 and any(UNITS.match(fold(text).strip("( ")) for text in texts)


def _is_title(grid: Grid, place: int) -> bool:
    """One text over the whole width."""
    return any(top == place and left == 0 and right >= grid.width - 2 for top, left, _, right in grid.merged)


def _last(grid: Grid, first: int) -> int:
    """The last row with figures; what follows is notes."""
    for place in range(len(grid.rows) - 1, first - 1, -1):
        row = grid.rows[place]
        given = sum(_is_number(cell) or _is_silent(cell) for cell in row)
        if given and sum(map(_says, row)) >= 2 and not _says_silence(row):
            return place
        if sum(map(_says, row)) >= 3 and not grid.whole:
            return place
    filled = [place for place in range(first, len(grid.rows)) if _filled(grid, place) >= 2]
    return filled[-1] if filled else len(grid.rows) - 1


# Heads


def heads(grid: Grid, head: Sequence[int]) -> list[Column]:
    """For every column the words above it, merged cells said in each column they cover; its period apart."""
    width = grid.width
    texts = {place: [written(cell) for cell in grid.rows[place]] for place in head}
    for top, left, bottom, right in grid.merged:
        said = texts[top][left] if top in texts else ""
        for row in range(top, bottom + 1) if said else ():
            for column in range(left, min(right, width - 1) + 1) if row in texts else ():
                texts[row][column] = said
    if not grid.merged and len(head) > 1:
        for place, below in pairwise(head):
            _carry(texts[place], texts[below])
    columns = []
    for column in range(width):
        path = list(dict.fromkeys(texts[place][column] for place in head if texts[place][column]))
        period = next((text for text in reversed(path) if cells.said(text) is not None), "")
        words = [" ".join(text.split()) for text in path if text != period and not _is_heading(text, period)]
        if not period and words:
            period, words[-1] = parted(words[-1])
        columns.append(Column(label=specs.joined(words), period=" ".join(period.split())))
    return columns


WITH_PERIOD = re.compile(
    r"(?P<early>(?:sơ bộ|so bo|prel\.?|ước(?: tính)?)\s+)?(?:năm(?: học)?\s+)?"
    r"(?P<year>(?:19|20)\d{2}(?:\s*[-–]\s*(?:(?:19|20)\d{2}))?)(?!\d)",
    re.IGNORECASE,
)


def parted(text: str) -> tuple[str, str]:
    """A head that names a period at its beginning or end, and something else: "2015 Trường học", "Số lớp 2016"."""
    found = list(WITH_PERIOD.finditer(text))
    if len(found) != 1 or cells.said(found[0][0]) is None:
        return "", text
    before, after = text[: found[0].start()].strip(" -–:,("), text[found[0].end() :].strip(" -–:,)")
    if (before and after) or not re.search(r"[^\W\d_]", before + after):
        return "", text
    return found[0][0], before or after


def _is_heading(text: str, period: str) -> bool:
    """ "Năm học - School year" above its years says nothing more."""
    return bool(period) and all(PERIODS.match(cells.plain(part)) for part in cells.halves(text)[1:] or [text])


def written(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip() if _says(cell) else ""


def _carry(above: list[str], below: list[str]) -> None:
    """A CSV has no merged cells: an upper head reaches over the empty places beside it, where a lower one stands."""
    said = ""
    for place, text in enumerate(above):
        said = text or said
        if not text and said and below[place] and place:
            above[place] = said


# Columns


def _roles(columns: list[Column], body: Sequence[Row], knows: Knows) -> tuple[list[Column], bool]:
    kinds = [
        _Kind(column, [row[place] if place < len(row) else "" for row in body]) for place, column in enumerate(columns)
    ]
    roles = [kind.plain_role() for kind in kinds]
    names = [place for place, kind in enumerate(kinds) if roles[place] in ("", NAME) and kind.words]
    shares = {place: knows(kinds[place].distinct[:300]) for place in names}
    best = max(
        names,
        key=lambda place: (kinds[place].own_name, round(shares[place], 1), kinds[place].is_called_name, -place),
        default=None,
    )
    known = best is not None and shares[best] >= 0.34
    has_code = CODE in roles
    if best is not None and (known or kinds[best].is_called_name or has_code):
        roles[best] = NAME
    for place, kind in enumerate(kinds):
        if roles[place] not in ("", NAME) or (place == best and roles[place] == NAME):
            continue
        roles[place] = _rest(kind, roles, known or has_code, shares.get(place, 0.0))
    if VALUE not in roles:
        roles = [VALUE if kind.numbers and role in ("", IGNORE) else role for kind, role in zip(kinds, roles)]
    long = VARIABLE in roles
    return [
        Column(
            role or IGNORE,
            "" if long and role == VALUE and GENERIC.match(cells.plain(one.label)) else one.label,
            one.period,
        )
        for role, one in zip(roles, columns)
    ], known


def _rest(kind: _Kind, roles: list[str], has_unit: bool, share: float) -> str:
    """A column of words beside the one of names."""
    if has_unit and kind.is_place and NAME in roles:
        return PLACE
    if kind.is_class:
        return COUNT
    if kind.words and len(kind.distinct) <= VARIED and not kind.is_mark and (kind.repeats or not has_unit):
        return VARIABLE if share < 0.5 else PLACE if has_unit else VARIABLE
    return IGNORE


class _Kind:
    """What one column looks like."""

    def __init__(self, column: Column, values: list[Any]) -> None:
        self.column = column
        self.values = [value for value in values if _says(value)]
        self.head = cells.plain(column.label.rpartition(specs.JOIN)[2])
        halves = [cells.plain(half) for half in cells.halves(column.label)]
        self.halves = [*halves, self.head]
        self.texts = [str(value) for value in self.values if isinstance(value, str) and not _is_number(value)
                      and not cells.is_nothing(value) and not cells.is_dash(value)]  # fmt: skip
        self.numbers = sum(_is_number(value) for value in self.values)
        self.said = sum(cells.said(value) is not None for value in self.values)
        self.words = len(self.texts) * 2 > len(self.values) > 0
        self.distinct = list(dict.fromkeys(self.texts))
        self.repeats = len(self.distinct) * 2 <= len(self.texts) or len(self.texts) <= 12

    def plain_role(self) -> str:
        """What can be said without knowing units; "" where words remain to be looked at."""
        if not self.values:
            return VALUE if self.column.period else IGNORE
        if self._any(SERIAL.__contains__) or self._counts_lines():
            return IGNORE
        if self.column.period:
            return VALUE
        if self._any(PERIODS.match) and self.said * 2 > len(self.values):
            return PERIOD
        if self._any(FLAGS.search) and len(set(map(str, self.values))) <= 4:
            return FLAG
        if self._any(CODES.search) and not self.words_with_spaces():
            return CODE
        if self.is_mark and len(set(map(str, self.values))) <= 3:
            return IGNORE
        if self.is_class and (self.words or self.numbers):
            return COUNT if self.words else VARIABLE
        if self.words:
            return NAME if self.is_called_name else ""
        if self.said * 10 >= len(self.values) * 9 and not self.column.label:
            return PERIOD
        return VALUE if self.numbers or self.said else IGNORE

    def _any(self, test: Callable[[str], Any]) -> bool:
        return any(test(half) for half in self.halves if half)

    def _counts_lines(self) -> bool:
        """1, 2, 3 … without a head that says anything else."""
        if self.head or self.column.period or len(self.values) < 3:
            return False
        texts = [str(value).removesuffix(".0").rstrip(".") for value in self.values[:50]]
        return texts == [str(number) for number in range(1, len(texts) + 1)]

    def words_with_spaces(self) -> bool:
        return sum(" " in text.strip() for text in self.texts) * 2 > len(self.values)

    @property
    def is_called_name(self) -> bool:
        return self._any(NAMES.search) and not self._any(CLASSES.match)

    @property
    def own_name(self) -> int:
        """How surely the head says that this column names the unit itself."""
        return next((2 - rank for rank, pattern in enumerate(OWN_NAMES) if self._any(pattern.search)), 0)

    @property
    def is_place(self) -> bool:
        return self._any(PLACES.search)

    @property
    def is_mark(self) -> bool:
        return self._any(MARKS.search)

    @property
    def is_class(self) -> bool:
        """Names of classes: 1A, 2B."""
        return self._any(CLASSES.match) and any(
            re.fullmatch(r"\d{1,2}\s*[./]?\s*[A-Za-zĐđ]\w*", t) for t in self.texts[:20]
        )


def _texts(body: Sequence[Row], places: Sequence[int]) -> list[str]:
    return [row[place] for row in body for place in places if place < len(row) and isinstance(row[place], str)]  # type: ignore[misc]


# Lines


def looks(row: Row, spec: Spec, values: Sequence[int], heads_again: Sequence[list[str]] = ()) -> str:
    """What a row of the body is by its looks: empty and repeated heads are skipped, a lone text is a section."""
    said = [cell for cell in row if _says(cell)]
    if not said:
        return specs.SKIP
    if len(said) == 1 and isinstance(said[0], str):
        lone = next(place for place, cell in enumerate(row) if _says(cell))
        if lone not in values or not (_is_number(said[0]) or cells.is_nothing(said[0]) or cells.is_dash(said[0])):
            return specs.SECTION
    if (len(heads_again) and [written(cell) for cell in row] in heads_again) or _is_index(row):
        return specs.SKIP
    return specs.DATA


def _dash(grid: Grid, spec: Spec) -> str:
    """ "-" is nil where the notes say so: "-: Không có hiện tượng phát sinh"."""
    for row in [*grid.rows[: spec.first], *grid.rows[spec.last + 1 :]]:
        for cell in row:
            words = fold(str(cell))
            if re.search(
                r"[-–]\s*[\"”')]?\s*[:=]?\s*(?:khong (?:co|phat sinh|xuat hien)|nil|no facts|magnitude nil)", words
            ):
                return "nil"
    return "missing"


def title(grid: Grid, head: Sequence[int], first: int) -> str:
    """The words above the head: what the table is about."""
    top = head[0] if head else first
    said = [
        " ".join(str(cell).split()) for row in grid.rows[:top] for cell in row if _says(cell) and isinstance(cell, str)
    ]
    return " ".join(dict.fromkeys(said))[: specs.LABEL]


def _stated(grid: Grid, spec: Spec) -> str:
    """The one period the title names, where no column does."""
    if spec.places(PERIOD) or any(column.period for column in spec.columns):
        return ""
    return period_in(spec.label)


SENTENCE = re.compile(
    r"(?:học kỳ|hoc ky|hk)\s*(?:ii?|[12])\s*,?\s*(?:năm học|nam hoc)?\s*\d{4}\s*[-–]\s*\d{4}"
    r"|(?:đầu năm học|đầu năm|cuối năm học|cuối năm|năm học)\s*\d{4}\s*[-–]\s*\d{4}"
    r"|(?:tháng|quý)\s*(?:[ivx]+|\d{1,2})\s*(?:/|năm)\s*\d{4}|6 tháng (?:đầu|cuối) năm \d{4}"
    r"|\d{1,2}/\d{1,2}/\d{4}|(?:19|20)\d{2}\s*[-–]\s*(?:19|20)\d{2}|(?:sơ bộ |năm )?(?:19|20)\d{2}",
    re.IGNORECASE,
)


def period_in(text: str) -> str:
    """The period a sentence names; nothing where it names several of them."""
    found = [(match[0], cells.said(match[0])) for match in SENTENCE.finditer(text)]
    meant = [(words, one) for words, one in found if one is not None]
    exact = [pair for pair in meant if pair[1].kind is not None] or [pair for pair in meant if pair[1].spans] or meant
    counted = Counter((one.year, one.kind, one.number) for _, one in exact)
    return exact[0][0] if len(counted) == 1 else ""


__all__ = ["FLAG", "IGNORE", "guess", "period_in", "title"]
