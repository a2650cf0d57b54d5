"""Tasks as an assignment annex, in either usual column set, as a workbook or as a Word file of NĐ 30/2020.

What is written reads back to the same tasks: names are written so that they mean one unit here, due times as a day or
in words that name the same period without knowing the day they were written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from giaoban.files import annex_book, docx, official
from giaoban.orgs import queries as orgs
from giaoban.work import dues
from giaoban.work.exchange.understanding import Names
from giaoban.work.models import Partner, Task

MOST = 5_000
FEW = 3
USUAL = (
    "Các trường học",
    "Các trường mầm non",
    "Các trường tiểu học",
    "Các trường THCS",
    "Các trường THPT",
    "Các phòng",
)
OFFICES, ROOMS = "co-quan", "don-vi"  # as the address says them
_SECTION = re.compile(r"^([IVXLC]+|[A-ZĐ])[.)]?\s+(.+)$", re.DOTALL)
_ROMAN = ("I", "II", "III", "IV")

# (title, share of the width, what stands in it); widths are letters of a printed line.
COLUMNS: Mapping[str, Sequence[tuple[str, int, str]]] = {
    OFFICES: (
        ("STT", 8, "no"),
        ("Nhiệm vụ", 44, "work"),
        ("Cơ quan chủ trì", 24, "lead"),
        ("Cơ quan phối hợp", 24, "partners"),
        ("Thời hạn hoàn thành", 15, "due"),
        ("Sản phẩm", 20, "deliverable"),
        ("Lãnh đạo phụ trách", 17, "leader"),
    ),
    ROOMS: (
        ("STT", 8, "no"),
        ("Nội dung công việc", 44, "work"),
        ("Lãnh đạo chỉ đạo", 17, "leader"),
        ("Phòng/đơn vị chủ trì", 24, "lead"),
        ("Phối hợp", 24, "partners"),
        ("Thời gian bắt đầu – kết thúc", 17, "span"),
        ("Kết quả/ghi chú", 20, "deliverable"),
    ),
}
TITLE = "Phân công nhiệm vụ"


@dataclass(frozen=True)
class Written:
    """One row: what stands in each column, by its role."""

    section: str
    cells: Mapping[str, str | date]


@dataclass(frozen=True)
class Sheet:
    """An annex ready to be written in any form."""

    columns: Sequence[tuple[str, int, str]]
    rows: Sequence[Written]
    under: str

    def xlsx(self) -> bytes:
        rows: list[annex_book.Row] = []
        for section, row in self._with_sections():
            if section:
                rows.append(annex_book.Row([section], heading=True))
            rows.append(annex_book.Row([row.cells.get(role, "") for _title, _width, role in self.columns]))
        heads = [annex_book.Head(title, width) for title, width, _role in self.columns]
        above = [f"PHỤ LỤC {TITLE.upper()}", *([self.under] if self.under else [])]
        return annex_book.write(annex_book.Book("Phân công nhiệm vụ", above, heads, rows))

    def docx(self) -> bytes:
        rows: list[tuple[str, ...]] = []
        across: set[int] = set()
        for section, row in self._with_sections():
            if section:
                across.add(len(rows))
                rows.append((_clean(section), *[""] * (len(self.columns) - 1)))
            rows.append(tuple(_clean(_said(row.cells.get(role, ""))) for _title, _width, role in self.columns))
        columns = tuple(
            official.Column(title, width, official.CENTRE if role in ("no", "due") else official.LEFT)
            for title, width, role in self.columns
        )
        table = official.Table(columns, tuple(rows), across=frozenset(across))
        return docx.write_annex(official.Annex("", TITLE, (table,), landscape=True), self.under)

    def _with_sections(self) -> Iterable[tuple[str, Written]]:
        """Each row with the heading that begins above it."""
        last = ""
        for row in self.rows:
            yield (row.section if row.section != last else ""), row
            last = row.section


def sheet(tasks: Iterable[Task], columns: str, on: date, near: int, under: str = "") -> Sheet:
    """The annex of these tasks: parts of a task given to many stand as the one they are parts of."""
    rows = wholes(tasks)
    leads = _leads(rows)
    partners = _partners(rows)
    called = names(
        {unit for units in (*leads.values(), *partners.values()) for unit in units},
        [row.group for row in rows if row.group],
        on,
        near,
    )
    ordered = _by_section(rows)
    written = [
        Written(
            section,
            {
                "no": str(number),
                "work": row.text.strip(),
                "lead": called.of(leads[row.pk], row.group),
                "partners": called.of(partners.get(row.pk, ()), ""),
                "due": due_words(row, on),
                "span": span_words(row, on),
                "deliverable": row.deliverable,
                "leader": row.leader,
            },
        )
        for number, (section, row) in enumerate(ordered, 1)
    ]
    return Sheet(COLUMNS[columns], written, under)


def wholes(tasks: Iterable[Task]) -> list[Task]:
    """Each task once, in the order met: of a recurring one not its instances; of one given to many not its parts, when
    all of them are among these."""
    order: dict[int, None] = {}
    for task in list(tasks)[:MOST]:
        order.setdefault(task.parent_id if task.parent_id and _is_instance(task) else task.pk)
    found = Task.objects.select_related("table_row", "parent").in_bulk(list(order))
    rows = [found[pk] for pk in order if pk in found]
    parents = {row.parent_id for row in rows if row.parent_id is not None}
    every = Task.objects.filter(parent__in=parents, called_off_at__isnull=True).values_list("parent_id", "pk")
    missing = {parent for parent, part in every if part not in order}
    whole = Task.objects.select_related("table_row").in_bulk(parents - missing)
    return list({row.pk: row for one in rows for row in [whole.get(one.parent_id or 0, one)]}.values())


def _is_instance(task: Task) -> bool:
    """One period of a recurring task."""
    return task.parent is not None and task.parent.due_kind == dues.RECURRING and task.due_kind != dues.RECURRING


def _by_section(rows: Sequence[Task]) -> list[tuple[str, Task]]:
    """Rows of a section together, sections in the order in which they begin."""
    by_section: dict[str, list[Task]] = {}
    for row in rows:
        kept = getattr(row, "table_row", None)
        by_section.setdefault(_heading(kept.section) if kept else "", []).append(row)
    loose = by_section.pop("", [])  # first: below a heading they would read as its rows
    return [("", row) for row in loose] + [(section, row) for section, rows_ in by_section.items() for row in rows_]


def _heading(section: str) -> str:
    match = _SECTION.match(section)
    return f"{match[1]}. {match[2]}" if match else section


def _leads(rows: Sequence[Task]) -> dict[int, tuple[int, ...]]:
    given = [row.pk for row in rows if row.lead_id is None]
    parts: dict[int, list[int]] = {}
    for whole, lead in (
        Task.objects.filter(parent__in=given, lead__isnull=False).order_by("pk").values_list("parent_id", "lead_id")
    ):
        parts.setdefault(whole, []).append(lead)
    return {row.pk: (row.lead_id,) if row.lead_id else tuple(dict.fromkeys(parts.get(row.pk, ()))) for row in rows}


def _partners(rows: Sequence[Task]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for task, unit in (
        Partner.objects.filter(task__in=[row.pk for row in rows]).order_by("pk").values_list("task_id", "unit_id")
    ):
        found[task] = (*found.get(task, ()), unit)
    return found


# Names


@dataclass(frozen=True)
class Called:
    """How each unit is written here, and which group words mean which units."""

    units: Mapping[int, str]
    groups: Mapping[str, tuple[int, ...]]

    def of(self, units: Sequence[int], group: str) -> str:
        """The group's words where they mean just these units today; else every name, whole groups in usual words."""
        if group and set(self.groups.get(group, ())) == set(units):
            return group
        left = dict.fromkeys(units)
        said: list[str] = []
        for words in sorted(USUAL, key=lambda words: -len(self.groups.get(words, ()))):
            meant = self.groups.get(words, ())
            if len(meant) >= FEW and left.keys() >= set(meant):
                said.append(words)
                left = {unit: None for unit in left if unit not in set(meant)}
        return "; ".join([*said, *(self.units[unit] for unit in left)])


def names(units: Iterable[int], groups: Iterable[str], on: date, near: int) -> Called:
    """The shortest way to write each unit that means it and no other, near the unit that gives the tasks."""
    wanted = sorted(set(units))
    there, places = orgs.snapshots(wanted, on), orgs.paths_of(wanted, on)
    ways = {}
    for unit in wanted:
        row = there.get(unit)
        plain = [row.body_name or row.name, row.name] if row is not None else [orgs.body_name(unit, on)]
        ways[unit] = _ways(list(dict.fromkeys(plain)), places.get(unit, []))
    words = list(dict.fromkeys([*groups, *USUAL]))
    known = Names([*(way for each in ways.values() for way in each), *words], on, near)

    def means(way: str) -> tuple[int, ...]:
        meant = known.meant(way)
        return () if meant.asked else meant.units

    return Called(
        {unit: next((way for way in each if means(way) == (unit,)), each[-1]) for unit, each in ways.items()},
        {group: means(group) for group in words},
    )


def _ways(plain: Sequence[str], places: Sequence[str]) -> list[str]:
    """The name alone, then with where it lies: "Trường Tiểu học Hạ, xã Bắc Hà, tỉnh Lào Cai"."""
    lower = [place[:1].lower() + place[1:] for place in places if place not in plain]
    return [*plain, *(", ".join([name, *lower[:depth]]) for depth in range(1, len(lower) + 1) for name in plain)]


# Due times


def due_words(task: Task, on: date) -> str | date:
    """A day as a day; a period, a rhythm or an event in words that say the same whenever they are read."""
    if task.due_on is None:
        return task.due_text
    words = _PERIODS[task.due_kind](task.due_on) if task.due_kind in _PERIODS else ""
    if words and _reads(words, on) == (task.due_kind, task.due_on):
        return words
    return task.due_on


def span_words(task: Task, on: date) -> str | date:
    """When it starts and ends, where both are days."""
    due = due_words(task, on)
    begins = task.binds_on
    if isinstance(due, date) and begins is not None and begins < due:
        return f"{begins:%d/%m/%Y} – {due:%d/%m/%Y}"
    return due


def _reads(words: str, on: date) -> tuple[str, date | None]:
    found = dues.read(words, on)
    return found.kind, found.on


_PERIODS: Mapping[str, Callable[[date], str]] = {
    dues.MONTH: lambda day: f"Tháng {day.month}/{day.year}",
    dues.QUARTER: lambda day: f"Quý {_ROMAN[(day.month - 1) // 3]}/{day.year}",
    dues.HALF: lambda day: f"6 tháng {'đầu' if day.month <= 6 else 'cuối'} năm {day.year}",
    dues.YEAR: lambda day: f"Năm {day.year}",
}


def _said(cell: str | date) -> str:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell


def _clean(words: str) -> str:
    return annex_book.UNWRITABLE.sub("", words)
