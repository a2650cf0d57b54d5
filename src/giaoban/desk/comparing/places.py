"""Units named in a whole text, understood on its day and near who issued it, with a fixed number of queries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from giaoban.orgs import queries as orgs
from giaoban.orgs import spelling
from giaoban.orgs.models import TERRITORY, Snapshot
from giaoban.orgs.queries import mentions
from giaoban.reading.view import View

MOST = 400  # names looked up in one text; a longer list is a table of units, not prose
DAY = timedelta(days=1)

_UP = "A-ZÀ-ỸĐ"
_LOW = "a-zà-ỹđ"
_NAME = rf"[{_UP}][{_UP}{_LOW}'’&-]*|\d{{1,2}}(?![.,\d])"
_AREA = re.compile(
    r"\b(?P<kind>[Tt]ỉnh|TỈNH|[Tt]hành phố|TP\.?|[Hh]uyện|[Qq]uận|[Tt]hị xã|[Xx]ã|XÃ|[Pp]hường|PHƯỜNG|"
    r"[Tt]hị trấn|[Đđ]ặc khu)"
    rf"\s(?P<name>(?:{_NAME})(?:\s(?:{_NAME})){{0,3}})"
)
_TYPES = (
    "[Mm]ầm|non|[Mm]ẫu|giáo|[Tt]iểu|học|[Tt]rung|cơ|sở|[Pp]hổ|thông|[Dd]ân|tộc|[Bb]án|[Nn]ội|trú|[Ll]iên|cấp|số|và|&"
)
_SCHOOL = re.compile(
    r"\b[Tt]rường\s"
    r"(?=(?:[Mm]ầm non|MN|[Mm]ẫu giáo|[Tt]iểu học|TH|[Tt]rung học|THCS|THPT|PTDT|[Pp]hổ thông|[Ll]iên cấp))"
    rf"(?P<name>(?:{_TYPES}|{_NAME})(?:\s(?:{_TYPES}|{_NAME})){{1,11}})"
)
_WHOLE = re.compile(
    r"\b(?:[Tt]oàn|[Cc]ả|[Tt]rên địa bàn|[Đđ]ịa bàn|[Tt]rong)\s"
    r"(?P<what>tỉnh|thành phố|huyện|quận|xã|phường|trường|ngành)\b(?!\s[A-ZĐÀ-Ỹ])"
)
_LEVELS = {
    **dict.fromkeys(("tỉnh", "thành phố"), "province"),
    **dict.fromkeys(("huyện", "quận"), "district"),
    **dict.fromkeys(("xã", "phường"), "commune"),
    "trường": "school",
}


@dataclass(frozen=True)
class Place:
    """A name in the text. `units` stand on the day; where none does, `ended` is the unit that bore the name."""

    start: int
    end: int
    words: str
    units: tuple[int, ...] = ()
    ended: Snapshot | None = None
    heirs: tuple[int, ...] = ()


@dataclass
class Places:
    """The names of one text, and who wrote it."""

    day: date
    chain: list[int] = field(default_factory=list)
    served: int | None = None
    found: list[Place] = field(default_factory=list)
    unknown: list[Place] = field(default_factory=list)
    _rows: dict[int, Snapshot] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str, day: date, near: int | None) -> Places:
        path = [row for row in orgs.path(near, TERRITORY, day) if row.kind.level != "country"] if near else []
        made = cls(day, [row.unit_id for row in reversed(path)], _rows={row.unit_id: row for row in path})
        counted = (row.unit_id for row in reversed(path) if row.kind.family in ("area", "school", "centre"))
        made.served = next(counted, None)
        made._look(text)
        made._name()
        return made

    def within(self, start: int, end: int) -> list[Place]:
        """Names in a passage that mean units of the day, in order."""
        return [each for each in self.found if start <= each.start and each.end <= end and each.units]

    def plain(self, start: int, end: int) -> bool:
        """Whether every name in a passage means a unit of the day."""
        others = [*self.unknown, *self.gone]
        return not any(start <= each.start and each.end <= end for each in others)

    def blanked(self, text: str, start: int, end: int) -> str:
        """A passage without the names in it: "Trường THCS Bảo Thắng" is no word about lower secondary pupils."""
        for each in (*self.found, *self.unknown):
            first, last = max(each.start, start), min(each.end, end)
            if first < last:
                text = text[:first] + " " * (last - first) + text[last:]
        return text[start:end]

    @property
    def gone(self) -> list[Place]:
        """Names of units that no longer stand on the day."""
        return [each for each in self.found if each.ended is not None]

    def whole(self, sentence: str) -> int | None:
        """The unit that "toàn tỉnh", "trên địa bàn xã" means here."""
        hit = _WHOLE.search(sentence)
        if hit is None:
            return None
        level = _LEVELS.get(hit["what"])
        if level is None:
            return self.served
        return next((unit for unit in self.chain if self._level(unit) == level), None)

    def name(self, unit: int) -> str:
        """As it was called on the day."""
        return self._names.get(unit) or orgs.name(unit, self.day)

    def _level(self, unit: int) -> str:
        kind = self._rows[unit].kind
        return "school" if kind.family in ("school", "centre") else kind.level if kind.family == "area" else ""

    def _look(self, text: str) -> None:
        view = View(text)
        spoken = [
            *(
                (hit.start(), _prefixes(view.text, hit.start(), hit["kind"], hit["name"]))
                for hit in _AREA.finditer(view.text)
            ),
            *(
                (hit.start(), _prefixes(view.text, hit.start(), "trường", hit["name"]))
                for hit in _SCHOOL.finditer(view.text)
            ),
        ]
        spoken = sorted(spoken)[:MOST]
        known = mentions.called({canon for _start, ends in spoken for _end, canon in ends})
        longest = []
        for start, ends in spoken:
            hit = next(((end, canon) for end, canon in reversed(ends) if canon in known), None)
            if hit:
                longest.append((start, hit[0], known[hit[1]]))
            elif any(
                letter.isupper()
                for letter in view.text[start + 6 : ends[-1][0]].replace("THCS", "").replace("THPT", "")
            ):
                first, last = view.span(start, ends[-1][0])
                self.unknown.append(Place(first, last, view.text[start : ends[-1][0]]))
        self._resolve(view, longest)

    def _resolve(self, view: View, spoken: Sequence[tuple[int, int, list[Snapshot]]]) -> None:
        alive = {row.unit_id for _s, _e, rows in spoken for row in rows if row.start <= self.day < row.end}
        dead = {row.unit_id for _s, _e, rows in spoken for row in rows} - alive
        heirs = mentions.turned_into(dead, self.day) if dead else {}
        home = self.chain[-1] if self.chain else None
        every = alive | {unit for found in heirs.values() for unit in found}
        near = mentions.lying_in(every, home, self.day) if home and every else set()
        for start, end, rows in spoken:
            first, last = view.span(start, end)
            words = view.text[start:end]
            there = list(dict.fromkeys(row.unit_id for row in rows if row.start <= self.day < row.end))
            if there:
                mine = [unit for unit in there if unit in near] or there
                self.found.append(Place(first, last, words, tuple(mine)))
            elif (gone := self._gone(rows, heirs, near)) is not None:
                self.found.append(Place(first, last, words, (), gone, tuple(heirs.get(gone.unit_id, []))))

    def _gone(self, rows: list[Snapshot], heirs: dict[int, list[int]], near: set[int]) -> Snapshot | None:
        """The ended unit that is meant: the only one so called, or the only one whose heirs are near."""
        ended = {row.unit_id: row for row in rows if row.end <= self.day}
        close = [row for row in ended.values() if near.intersection(heirs.get(row.unit_id, []))]
        return close[0] if len(close) == 1 else next(iter(ended.values())) if len(ended) == 1 else None

    def _name(self) -> None:
        units = {unit for each in self.found for unit in (*each.units, *each.heirs)}
        wanted = units.union(self.chain).difference(self._rows)
        self._names = {unit: row.name for unit, row in self._rows.items()}
        self._names |= orgs.names(wanted, self.day) if wanted else {}


def _prefixes(text: str, start: int, kind: str, name: str) -> list[tuple[int, str]]:
    """(end, compared name) of the first word of a name, its first two, and so on."""
    at = text.index(name, start + len(kind))
    found, end = [], at
    for word in re.finditer(r"\S+", name):
        end = at + word.end()
        found.append((end, spelling.canon(text[start:end])))
    return found
