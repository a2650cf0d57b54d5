"""What single cells of tables say: a number, nothing, a period, a total. Plain Python, no record.

Statistics offices print "-" where nothing happened and ".." or "…" where figures are missing; school software leaves
cells empty. Text may write 1.234,5 or 1,234.5; a number of Excel is a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from giaoban.core import period as periods
from giaoban.core.period import Kind, Period
from giaoban.core.text import fold

AUTO, VIETNAMESE, ENGLISH = "auto", "vi", "en"
STYLES = (AUTO, VIETNAMESE, ENGLISH)
NOTHING = frozenset(
    ["..", "...", "....", "…", "....…", ":", "x", "n/a", "na", "n.a", "n.a.", "null", "none", "nan", "#n/a", "#ref!",
     "#value!", "#div/0!", "#name?", "?", "*", "k.c", "khong co so lieu", "chua co so lieu", "khong ap dung", "(na)",
     "not available"]
)  # fmt: skip
DASHES = frozenset(["-", "–", "—", "−", "--", "---", "_"])
MARKS = re.compile(r"\s*(?:\(\*+\)|\*+|\(\d{1,2}\)|[¹²³⁴⁵⁶⁷⁸⁹]+|\(p\)|\(r\)|\(e\)|\[\d{1,2}\])\s*$", re.IGNORECASE)
TIDY = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-", "–": "-", "'": " ", "’": " "})
PLAIN = re.compile(r"[+-]?\d+")
VI = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?")
EN = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?")
EXPONENT = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
DIGITS = 18


class NotANumber(ValueError):
    """The cell holds something that is no number and not nothing."""


def is_nothing(cell: Any) -> bool:
    """No figure is given, or it is said to be missing. A dash is for the layout to say."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.strip().casefold() in ("", *NOTHING)))


def is_dash(cell: Any) -> bool:
    return isinstance(cell, str) and cell.strip() in DASHES


def number(cell: Any, style: str = AUTO) -> Decimal:
    """The number of a cell, exactly as written; a float of Excel by its shortest writing."""
    if isinstance(cell, bool):
        raise NotANumber(str(cell))
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        if cell != cell or cell in (float("inf"), float("-inf")):
            raise NotANumber(str(cell))
        return Decimal(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else Decimal(repr(cell))
    return _of_text(str(cell), style)


@lru_cache(maxsize=20_000)
def _of_text(text: str, style: str) -> Decimal:
    cleaned = MARKS.sub("", text.translate(TIDY).strip()).strip().rstrip("%").strip()
    cleaned = re.sub(r"(?<=\d) (?=\d{3}(?:\D|$))", "", cleaned)
    negative = cleaned.startswith("(") and cleaned.endswith(")")
    cleaned = cleaned.strip("()") if negative else cleaned
    written = _plain(cleaned, style)
    if written is None or len(written) > DIGITS + 4:
        raise NotANumber(text)
    try:
        found = Decimal(written)
    except InvalidOperation:
        raise NotANumber(text) from None
    return -found if negative else found


def _plain(text: str, style: str) -> str | None:
    """Digits with at most one point, or None. Where both ways can be read, groups of three are thousands."""
    if PLAIN.fullmatch(text):
        return text
    vietnamese, english = VI.fullmatch(text), EN.fullmatch(text)
    if vietnamese and (style == VIETNAMESE or (style == AUTO and (not english or "." in text))):
        return text.replace(".", "").replace(",", ".")
    if english and (style != VIETNAMESE or "," not in text or "." in text):
        # 25825.0 is no Vietnamese number, whatever the table's writing: three digits never stand alone behind a point
        if style == VIETNAMESE and vietnamese:
            return text.replace(".", "").replace(",", ".")
        return text.replace(",", "")
    return format(Decimal(text), "f") if EXPONENT.fullmatch(text) else None


def style_of(texts: Iterable[str]) -> str:
    """How the numbers written as text are written: what only one way can read decides; else AUTO."""
    seen = {VIETNAMESE: 0, ENGLISH: 0}
    for text in texts:
        cleaned = MARKS.sub("", text.translate(TIDY).strip()).strip().rstrip("%").replace(" ", "")
        if "," not in cleaned and "." not in cleaned:
            continue
        vietnamese, english = bool(VI.fullmatch(cleaned)), bool(EN.fullmatch(cleaned))
        if vietnamese != english:
            seen[VIETNAMESE if vietnamese else ENGLISH] += 1
    if seen[VIETNAMESE] == seen[ENGLISH]:
        return AUTO
    return max(seen, key=lambda style: seen[style])


# Periods


@dataclass(frozen=True)
class Said:
    """A period as a head or a cell writes it: "Sơ bộ 2017" says the year and that it is preliminary, not the kind."""

    year: int
    kind: Kind | None = None
    number: int = 1
    spans: bool = False  # written 2015-2016
    preliminary: bool = False

    def period(self, default: Kind) -> Period | None:
        """The period, where the kind is not said that of the table; None where the two do not go together."""
        kind = self.kind or default
        if self.kind is None and self.spans and default not in periods.SCHOOL_KINDS:
            kind = Kind.SCHOOL_YEAR
        try:
            if self.kind is None and kind not in YEARLY:
                return None
            return periods.make(kind, self.year, self.number)
        except (ValueError, OverflowError):
            return None


YEARLY = (*periods.SCHOOL_KINDS, Kind.YEAR, Kind.CALENDAR_YEAR)
YEARS = range(1930, 2101)
EARLY = re.compile(
    r"\b(?:so bo|uoc tinh|uoc thuc hien|uoc|preliminary|prel|prelim|pre|estimated|estimate|est)\b\.?|\(p\)|\(e\)"
)
SPAN = re.compile(r"(?<!\d)(\d{4})\s*(?:[-/–—]|den|to)\s*(\d{4}|\d{2})(?!\d)")
YEAR = re.compile(r"(?<![\d.,/])((?:19|20)\d{2})(?![\d,/])")
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
SEMESTER = re.compile(r"\b(?:hoc ky|hoc ki|hk|semester)\s*\.?\s*(i{1,2}|[12])\b")
QUARTER = re.compile(r"\b(?:quy|quarter|q)\s*\.?\s*(iv|i{1,3}|[1-4])\b")
MONTH = re.compile(r"\b(?:thang|month|t)\s*\.?\s*(1[0-2]|0?[1-9])\b(?!\s*(?:dau|cuoi))")
HALF = re.compile(r"\b6 thang (dau|cuoi)|\bh([12])\b")
NUMERIC_MONTH = re.compile(r"(?<![\d/])(0?[1-9]|1[0-2])/(\d{4})(?!\d)")
ISO_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
DAY = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)|(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
FILLERS = re.compile(
    r"\b(?:nam hoc|nam|school year|academic year|year|giai doan|ky|tai thoi diem|thoi diem|as of|tinh den|ngay|den)\b"
    r"|[\s():;,.*_|-]"
)


def said(cell: Any) -> Said | None:
    """The period a cell names and nothing but the period; None for other text and for other numbers."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return Said(int(cell)) if YEARS.start <= cell < YEARS.stop and cell == int(cell) else None
    return _said(str(cell)) if cell and len(str(cell)) <= 80 else None


@lru_cache(maxsize=20_000)
def _said(text: str) -> Said | None:
    try:
        exact = periods.parse(text)
    except periods.BadPeriod:
        exact = None
    if exact is not None and exact.kind is not Kind.CALENDAR_YEAR and exact.kind is not Kind.ONE_OFF:
        year, number_ = _place(exact)
        if exact.kind is not Kind.SCHOOL_YEAR:
            return Said(year, exact.kind, number_)
    plain = re.sub(r"\s+", " ", MARKS.sub("", fold(text)).replace("\n", " ")).strip()
    words, early = EARLY.subn(" ", plain)
    early = early or bool(re.search(r"\((?:p|e)\)\s*$", fold(text)))
    found, rest = _read(words.strip())
    if found is None or re.sub(r"\d{4}", "", FILLERS.sub("", rest)):
        return None
    return Said(found.year, found.kind, found.number, found.spans, bool(early))


def _place(period: Period) -> tuple[int, int]:
    last = period.last_day
    if period.kind is Kind.SCHOOL_YEAR_START:
        return last.year, 1
    if period.kind in periods.SCHOOL_KINDS:
        return last.year - 1, 1
    count = periods.PER_YEAR.get(period.kind, 1)
    return last.year, (last.month * count + 11) // 12


def _read(words: str) -> tuple[Said | None, str]:
    """What the words say, and what of them is left over."""
    day = DAY.search(words)
    if day:
        found = _of_day(day)
        return found, DAY.sub(" ", words)
    span = SPAN.search(words)
    if span:
        first, last = int(span[1]), int(span[2])
        last += first // 100 * 100 if len(span[2]) == 2 else 0
        if last != first + 1 or first not in YEARS:
            return None, words
        rest = words[: span.start()] + " " + words[span.end() :]
        return _of_school_year(first, rest)
    month = ISO_MONTH.fullmatch(words)
    if month:
        return Said(int(month[1]), Kind.MONTH, int(month[2])), ""
    month = NUMERIC_MONTH.search(words)
    if month:
        rest = NUMERIC_MONTH.sub(" ", words)
        return Said(int(month[2]), Kind.MONTH, int(month[1])), re.sub(r"\b(?:thang|month|t)\b", " ", rest)
    year = YEAR.search(words.replace("/", " "))
    if year is None or int(year[1]) not in YEARS:
        return None, words
    rest = words.replace("/", " ")
    rest = rest[: year.start()] + " " + rest[year.end() :]
    for pattern, kind in ((HALF, Kind.HALF_YEAR), (QUARTER, Kind.QUARTER), (MONTH, Kind.MONTH)):
        part = pattern.search(rest)
        if part:
            which = next(group for group in part.groups() if group)
            number_ = {"dau": 1, "cuoi": 2, **ROMAN}.get(which) or int(which)
            left = re.sub(r"\b(?:nam|thang)\b", " ", pattern.sub(" ", rest))
            return Said(int(year[1]), kind, number_), left
    if "bao cao" in rest:
        return Said(int(year[1]), Kind.YEAR), rest.replace("bao cao", " ")
    return Said(int(year[1])), rest


def _of_school_year(first: int, rest: str) -> tuple[Said | None, str]:
    semester = SEMESTER.search(rest)
    if semester:
        second = semester[1] in ("ii", "2")
        return Said(first, Kind.SEMESTER_2 if second else Kind.SEMESTER_1), SEMESTER.sub(" ", rest)
    for words, kind in (("dau nam hoc", Kind.SCHOOL_YEAR_START), ("dau nam", Kind.SCHOOL_YEAR_START),
                        ("cuoi nam hoc", Kind.SCHOOL_YEAR_END), ("cuoi nam", Kind.SCHOOL_YEAR_END),
                        ("ca nam", Kind.SCHOOL_YEAR)):  # fmt: skip
        if words in rest:
            return Said(first, kind, spans=True), rest.replace(words, " ")
    return Said(first, spans=True), rest


def _of_day(match: re.Match[str]) -> Said | None:
    numbers = [int(group) for group in match.groups() if group]
    try:
        day = date(*numbers) if len(match[0].split("-")[0]) == 4 else date(numbers[2], numbers[1], numbers[0])
    except ValueError:
        return None
    if (day.month, day.day) in ((9, 30), (9, 5), (10, 1)):
        return Said(day.year, Kind.SCHOOL_YEAR_START)
    if (day.month, day.day) in ((5, 31), (5, 30), (6, 30)):
        return Said(day.year - 1, Kind.SCHOOL_YEAR_END)
    return Said(day.year) if (day.month, day.day) in ((12, 31), (1, 1), (7, 1)) else None


# Names of totals and of what is no unit

TOTALS = frozenset(
    ["ca nuoc", "whole country", "toan quoc", "tong so", "tong cong", "tong", "cong", "total", "grand total",
     "toan tinh",
     "toan thanh pho", "toan huyen", "toan xa", "toan nganh", "chung", "viet nam", "ca nuoc whole country",
     "tong so total", "toan tinh total", "whole province", "national", "sum", "tong chung", "toan truong",
     "cong toan tinh",
     "tong toan tinh", "ca tinh", "toan phuong", "toan vung", "sub total", "subtotal", "tieu ket"]
)  # fmt: skip
REGION_WORDS = (
    "vung", "dong bang", "trung du", "mien nui", "bac trung bo", "duyen hai", "tay nguyen", "dong nam bo", "tay bac",
    "dong bac", "river delta", "midlands", "central highlands", "central area", "central coast", "south east",
    "southeast", "north west", "north east", "northern", "nam trung bo", "mien bac", "mien trung", "mien nam",
    "khu vuc", "region", "cum",
)  # fmt: skip
NO_AREA = re.compile(
    r"\b(?:other provinces|other|others|khac|khong phan|excluded|in universities|trong cac truong dai hoc"
    r"|truc thuoc bo|bo nganh|ministr)\b"
)


def plain(text: Any) -> str:
    """A name as it is compared: no accents, no punctuation, no leading number, no footnote mark."""
    words = MARKS.sub("", fold(str(text)).replace("\n", " ").strip())
    words = re.sub(r"^\s*(?:[-+•*]\s*|(?:\d{1,3}|[ivx]{1,5}|[a-h])\s*[.)/]\s+)", "", words)
    return re.sub(r"[\W_]+", " ", words).strip()


def is_early(text: Any) -> bool:
    """Words that say nothing but that figures are preliminary: "Sơ bộ", "Pre."."""
    words, times = EARLY.subn(" ", fold(str(text)))
    return times > 0 and not re.sub(r"[\W_]+", "", words)


def halves(text: Any) -> list[str]:
    """Both languages of "CẢ NƯỚC - WHOLE COUNTRY"; the whole first."""
    whole = str(text).strip()
    parts = [part.strip() for part in re.split(r"\n| [-–—/|] |\s{3,}", whole) if part.strip()]
    return list(dict.fromkeys([whole, *parts] if len(parts) > 1 else [whole]))


def is_total(text: Any) -> bool:
    """Whether the name says it is the sum of the others."""
    return any(plain(part) in TOTALS for part in halves(text)) or bool(
        re.match(r"(?:tong so|tong cong|grand total|whole country|ca nuoc)\b", plain(text))
    )


def is_region(text: Any) -> bool:
    """Whether the name sounds like a region of several provinces or a cluster of schools."""
    words = plain(text)
    return any(re.search(rf"\b{word}\b", words) for word in REGION_WORDS)


def is_no_area(text: Any) -> bool:
    return bool(NO_AREA.search(plain(text)))
