"""What labels mean: our guess which cell of the catalogue "Học sinh › Tiểu học" or "Pupils, primary" names.

Words of the label are weighed by how rare they are in the catalogue; English heads of statistics offices are put into
the catalogue's words first. Labels of tables shipped with the catalogue, and those confirmed in layouts, are known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from giaoban import catalogue
from giaoban.core.period import Kind
from giaoban.core.text import fold
from giaoban.indicators.models import Cell, Effect
from giaoban.intake import cells as written
from giaoban.intake import spec as specs
from giaoban.intake.spec import FIGURE, LEAVE, SUM, Meant

LEAST = 0.56
NONE = ""
PHRASES = (  # folded, the longer first → words of the catalogue
    ("primary and lower secondary", "lien cap tieu hoc thcs"),
    ("lower and upper secondary", "lien cap thcs thpt"),
    ("tieu hoc va trung hoc co so", "lien cap tieu hoc thcs"),
    ("trung hoc co so va trung hoc pho thong", "lien cap thcs thpt"),
    ("ethnic minority", "dan toc thieu so"),
    ("dan toc it nguoi", "dan toc thieu so"),
    ("dtts", "dan toc thieu so"),
    ("lower secondary", "thcs"),
    ("upper secondary", "thpt"),
    ("trung hoc co so", "thcs"),
    ("trung hoc pho thong", "thpt"),
    ("general education", "pho thong"),
    ("secondary school", "thcs"),
    ("high school", "thpt"),
    ("pre school", "mam non"),
    ("preschool", "mam non"),
    ("kindergarten", "mau giao"),
    ("nursery", "nha tre"),
    ("primary", "tieu hoc"),
    ("pupils", "hoc sinh"),
    ("pupil", "hoc sinh"),
    ("students", "hoc sinh"),
    ("student", "hoc sinh"),
    ("si so", "hoc sinh"),
    ("so hs", "hoc sinh"),
    ("hs", "hoc sinh"),
    ("teachers", "giao vien"),
    ("teacher", "giao vien"),
    ("gv", "giao vien"),
    ("cbql", "can bo quan ly"),
    ("schools", "truong"),
    ("school", "truong"),
    ("classes", "lop"),
    ("class", "lop"),
    ("population density", "mat do dan so"),
    ("average population", "dan so trung binh"),
    ("population", "dan so"),
    ("graduation", "tot nghiep"),
    ("graduates", "tot nghiep"),
    ("literacy", "biet chu"),
    ("poverty", "ngheo"),
    ("rate", "ty le"),
    ("percentage", "ty le"),
    ("male", "nam"),
    ("female", "nu"),
    ("boys", "nam"),
    ("girls", "nu"),
    ("urban", "thanh thi"),
    ("rural", "nong thon"),
    ("khoi", "lop"),
    ("grade", "lop"),
    ("children", "tre"),
)
SILENT = frozenset(
    [
        "so",
        "cua",
        "theo",
        "va",
        "cac",
        "tai",
        "thoi",
        "diem",
        "phan",
        "dia",
        "phuong",
        "of",
        "by",
        "the",
        "in",
        "and",
        "as",
        "at",
        "ngay",
        "thang",
        "nam",
        "hoc",
        "bieu",
        "table",
        "number",
        "ty",
        "nghin",
        "nguoi",
        "thous",
        "pers",
        "person",
        "don",
        "vi",
        "tinh",
        "unit",
        "toan",
        "tinh",
        "30",
        "9",
        "31",
        "5",
        "day",
        "total",
        "tong",
        "cong",
        "september",
        "province",
    ]
)
TOTAL_WORDS = frozenset(["tong so", "tong cong", "tong", "cong", "total", "general", "chung", "ca nam", "all"])
FACTORS = (
    (re.compile(r"\b(?:nghin|ngan|thous\w*|1000|1\.000|1,000)\b"), "1000"),
    (re.compile(r"\b(?:trieu|million\w*|mill)\b"), "1000000"),
)
PERIOD_KINDS = {
    "school_year_start": Kind.SCHOOL_YEAR_START,
    "school_year": Kind.SCHOOL_YEAR,
    "calendar_year": Kind.CALENDAR_YEAR,
}


@dataclass(frozen=True)
class Info:
    """What a figure needs to know of its cell."""

    id: int
    key: str
    element: str
    label: str
    scale: int
    sums: bool
    unit: str


def infos() -> dict[str, Info]:
    """{key: cell} of the whole catalogue."""
    rows = Cell.objects.select_related("element").order_by("pk")
    return {
        one.key: Info(
            one.pk,
            one.key,
            one.element_id,
            one.label,
            one.element.scale,
            one.element.over_units == "sum",
            one.element.unit,
        )
        for one in rows
    }


def tokens(text: str) -> list[str]:
    words = " " + re.sub(r"[\W_]+", " ", fold(text)).strip() + " "
    for phrase, instead in PHRASES:
        words = words.replace(f" {phrase} ", f" {instead} ")
    return words.split()


class Guesser:
    """Guesses cells for labels of one series; cells of other sources' own elements are not offered."""

    def __init__(self, series: str, known: Mapping[str, Meant] | None = None) -> None:
        self.series = series
        self.known = {**shipped_labels(series), **(known or {})}
        rows = list(Cell.objects.select_related("element").filter(element__retired=False))
        sources = _sources()
        rows = [row for row in rows if _fits(row.element_id, series, sources)]
        used = (
            set(Effect.objects.filter(series=series).order_by().values_list("cell_id", flat=True).distinct())
            if series
            else set()
        )
        self.rows = [
            (row.key, row.element_id, frozenset(_words(row.label, row.element.name)), row.pk in used) for row in rows
        ]
        counted = Counter(word for _, _, words, _ in self.rows for word in words)
        total = len(self.rows) + 1
        self.rarity = {word: log(1 + total / number) for word, number in counted.items()}
        self.common = log(1 + total)
        self.element_names = {row.element_id: row.element.name for row in rows}

    def guess(self, label: str, context: str, kind: str, factor: str = "") -> Meant:
        """The meaning of one label; `context` is what the table says above its head."""
        known = self.known.get(specs.key(label)) if label else None
        if known is not None:
            return known
        if parts_of_total(label):
            return Meant(LEAVE, kind=kind, factor=factor)
        asked = specs.joined(part for part in label.split(specs.JOIN) if not written.is_early(part))
        key, score = self._best(asked)
        if score < LEAST and context:
            key, score = max((self._best(f"{context} {asked}"), (key, score)), key=lambda pair: pair[1])
        if score < LEAST:
            return Meant(LEAVE, kind=kind, factor=factor)
        return Meant(FIGURE, key, self.kind_of(key) or kind, factor)

    def guess_all(self, labels: Iterable[str], context: str, kind: str) -> dict[str, Meant]:
        """The meanings of all labels of a table: a total among parts of one element is their printed sum."""
        found = {label: self.guess(label, context, kind, factor_in(label, context) or "1") for label in labels}
        self._once(found)
        for label, meant in found.items():
            head = parts_of_total(label)
            if head is None or meant.use != LEAVE or self.known.get(specs.key(label)):
                continue
            beside = [
                other.cell.partition("[")[0]
                for one, other in found.items()
                if other.use == FIGURE and one != label and specs.joined(one.split(specs.JOIN)[:-1]) == head
            ]
            if beside:
                element, _ = Counter(beside).most_common(1)[0]
                found[label] = Meant(SUM, element, self.kind_of(element) or meant.kind, meant.factor)
            else:
                key, score = max((self._best(head), self._best(f"{context} {head}")), key=lambda pair: pair[1])
                if score >= LEAST:
                    found[label] = Meant(FIGURE, key, self.kind_of(key) or meant.kind, meant.factor)
        return found

    def _once(self, found: dict[str, Meant]) -> None:
        """Two labels that seem to be the same cell: the known one, else the first, is kept; the other is left out."""
        first: dict[str, str] = {}
        order = sorted(found, key=lambda label: self.known.get(specs.key(label)) is None)
        for label in order:
            meant = found[label]
            words = specs.joined(part for part in label.split(specs.JOIN) if not written.is_early(part))
            if meant.use == FIGURE and first.setdefault(meant.cell, words) != words:
                found[label] = Meant(LEAVE, kind=meant.kind, factor=meant.factor)

    def kind_of(self, key: str) -> str:
        return _shipped_kinds().get(key.partition("[")[0], "")

    def _best(self, label: str) -> tuple[str, float]:
        wanted = {word for word in tokens(label) if word not in SILENT}
        if not wanted:
            return NONE, 0.0
        weight = sum(self.rarity.get(word, self.common / 2) for word in wanted)
        best = (NONE, 0.0)
        for key, _of, words, used in self.rows:
            shared = wanted & words
            if not shared:
                continue
            common = sum(self.rarity[word] for word in shared)
            own = sum(self.rarity[word] for word in words)
            score = 2 * common / (weight + own) + (0.03 if used else 0.0)
            if score > best[1]:
                best = (key, score)
        return best


def parts_of_total(label: str) -> str | None:
    """What is totalled: "Học sinh" of "Học sinh › Tổng số"; None where the label says no total."""
    *head, last = label.split(specs.JOIN)
    if (
        all(written.plain(half) in TOTAL_WORDS for half in written.halves(last)[-1:])
        or written.plain(last) in TOTAL_WORDS
    ):
        return specs.joined(head)
    return None


def _words(label: str, element: str) -> set[str]:
    text = re.sub(r"\((?:niên giám|tỷ lệ in sẵn)\)", " ", f"{element} {label}")
    return {word for word in tokens(text) if word not in SILENT}


@lru_cache(maxsize=1)
def _sources() -> frozenset[str]:
    """Prefixes of elements that belong to one outside series."""
    return frozenset({"gso"})


def _fits(element: str, series: str, sources: frozenset[str]) -> bool:
    prefix = element.partition("_")[0]
    return prefix == series if series in sources else prefix not in sources


def factor_in(*texts: str) -> str:
    """ "Nghìn học sinh", "Thous. pers." → 1000."""
    for text in texts:
        for pattern, factor in FACTORS:
            if pattern.search(fold(text)):
                return factor
    return ""


def kind_in(texts: Iterable[str], said: Sequence[written.Said]) -> str:
    """Which kind of period the years of a table are, by its title and its heads."""
    words = fold(" ".join(texts))
    if re.search(r"30\s*[/-]\s*0?9|dau nam hoc|as of (?:30 )?sep", words):
        return Kind.SCHOOL_YEAR_START.value
    if re.search(r"31\s*[/-]\s*0?5|cuoi nam hoc", words):
        return Kind.SCHOOL_YEAR_END.value
    explicit = Counter(one.kind for one in said if one.kind)
    if explicit:
        return str(explicit.most_common(1)[0][0].value)
    if any(one.spans for one in said) or re.search(r"nam hoc|school year", words):
        return Kind.SCHOOL_YEAR.value
    return Kind.CALENDAR_YEAR.value


@lru_cache(maxsize=4)
def shipped_labels(series: str) -> dict[str, Meant]:
    """Labels of the tables the catalogue was built from: "pupils › Primary"."""
    if series != "gso":
        return {}
    found: dict[str, Meant] = {}
    for table in catalogue.table("gso/gso.toml")["table"]:
        factor = str(table.get("factor", 1)) if not table.get("printed_rate") else "1"
        if "factor_until" in table:
            factor = f"{factor} đến {table['factor_until']}; 1"
        kind = PERIOD_KINDS[table["period"]].value
        pairs = dict(table.get("members", {}))
        for printed, member in pairs.items():
            cell = f"{table['element']}[{table['dimension']}={member}]"
            found[specs.key(f"{table['indicator']} {printed}")] = Meant(FIGURE, cell, kind, factor)
        for printed in [table["category"], *table.get("also", [])] if "category" in table else []:
            found[specs.key(f"{table['indicator']} {printed}")] = Meant(FIGURE, table["element"], kind, factor)
        if "total" in table:
            found.setdefault(
                specs.key(f"{table['indicator']} {table['total']}"), Meant(SUM, table["element"], kind, factor)
            )
    return found


@lru_cache(maxsize=1)
def _shipped_kinds() -> dict[str, str]:
    tables = catalogue.table("gso/gso.toml")["table"]
    return {table["element"]: PERIOD_KINDS[table["period"]].value for table in tables}
