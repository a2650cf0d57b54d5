"""Names as documents write them: which unit, or which group of units, does "Phòng GD&ĐT" mean here, on that day?

Five readings are tried and the best come first: a group ("các trường tiểu học"), a place by its level alone ("UBND
huyện"), a unit around the one that wrote, a full name anywhere, a name of former days followed to what became of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from giaoban.catalogue import table
from giaoban.orgs import spelling
from giaoban.orgs.models import MANAGEMENT, PARTY, PROFESSIONAL, TERRITORY, Closure, Kind, Lineage, Snapshot
from giaoban.orgs.queries.tree import living

AREA_WORDS = ("tinh", "tp", "huyen", "quan", "thi xa", "xa", "phuong", "thi tran", "dac khu")
SPLIT = re.compile(r" (?=(?:tinh|tp|huyen|quan|thi xa|xa|phuong|thi tran|dac khu) )")
POLITE = re.compile(r"^(?:giao|de nghi|yeu cau|dong chi|cac dong chi|thu truong|lanh dao)\s+")
JOINING = re.compile(r"^(?:va|tren dia ban|truc thuoc|thuoc|cua|trong|toan|o|lien quan)\b\s*")
LEVELS = {  # "UBND tỉnh", "UBND xã" without a name: the level meant
    "province": ("tinh", "tp", "cap tinh"),
    "district": ("huyen", "quan", "thi xa", "cap huyen"),
    "commune": ("xa", "phuong", "thi tran", "dac khu", "cap xa"),
}
LEVEL_WORDS = {word: level for level, words in LEVELS.items() for word in words}
LEAST = 40  # readings below are not worth showing


@dataclass(frozen=True)
class Match:
    """One reading of a name. `unit_id` where it is one unit; `unit_ids` all that are meant; `group` describes a group.

    `score` is 0..100, the best first; `why` says in Vietnamese how the name was read, for the person who decides.
    """

    unit_id: int | None
    unit_ids: tuple[int, ...]
    group: str
    score: int
    why: str


def resolve_name(text: str, on: date, near: int | None = None) -> list[Match]:
    """Readings of the name, the best first; `near` is the unit that wrote the document."""
    words = POLITE.sub("", spelling.canon(text))
    if not words:
        return []
    around = _Around(near, on)
    found = [*_group(words, text, around), *_level(words, around), *_beside(words, around), *_anywhere(words, around)]
    if max((match.score for match in found), default=0) < 80:
        found += _former(words, around)
    return _best(found)


def _one(unit_id: int, score: int, why: str) -> Match:
    return Match(unit_id, (unit_id,), "", score, why)


def _best(found: Iterable[Match]) -> list[Match]:
    """Each reading once, with its best score."""
    best: dict[tuple[int, ...], Match] = {}
    for match in found:
        if match.score >= LEAST and (match.unit_ids not in best or best[match.unit_ids].score < match.score):
            best[match.unit_ids] = match
    return sorted(best.values(), key=lambda match: (-match.score, len(match.unit_ids), match.unit_ids))


class _Around:
    """The unit that wrote, what is above it, and what stands beside it."""

    def __init__(self, near: int | None, on: date) -> None:
        self.on = on
        self.chain: list[int] = [] if near is None else self._chain(near)
        self.snapshots = {row.unit_id: row for row in self._living(self.chain)}
        self.chain = [unit for unit in self.chain if unit in self.snapshots]

    def _chain(self, near: int) -> list[int]:
        rows = Closure.objects.filter(
            descendant=near, hierarchy__in=(MANAGEMENT, TERRITORY, PARTY), start__lte=self.on, end__gt=self.on
        )
        above = sorted(set(rows.values_list("depth", "ancestor_id")))
        return list(dict.fromkeys([near, *(ancestor for _, ancestor in above)]))

    def _living(self, units: Iterable[int]) -> QuerySet[Snapshot]:
        return living(self.on).filter(unit__in=list(units)).select_related("kind")

    def of_level(self, level: str) -> Snapshot | None:
        """The area of that level the writer belongs to."""
        areas = [self.snapshots[unit] for unit in self.chain]
        return next((row for row in areas if row.kind.family == "area" and row.kind.level == level), None)

    def called(self, word: str) -> Snapshot | None:
        """The area meant by a kind word alone: the nearest of that kind, else of the level the word stands for."""
        if word not in LEVEL_WORDS:
            return None
        areas = [self.snapshots[unit] for unit in self.chain if self.snapshots[unit].kind.family == "area"]
        exact = (row for row in areas if row.canon.startswith(f"{word} "))
        return next(exact, None) or self.of_level(LEVEL_WORDS[word])

    def beside(self) -> Iterator[tuple[int, Snapshot]]:
        """Units with their distance: the writer, what is directly below it or below anything above it."""
        rows = Closure.objects.filter(
            ancestor__in=self.chain, depth__lte=1, start__lte=self.on, end__gt=self.on
        ).values_list("descendant_id", "ancestor_id", "depth")
        distance: dict[int, int] = {}
        for unit, ancestor, depth in rows:
            steps = 2 * self.chain.index(ancestor) + depth
            distance[unit] = min(steps, distance.get(unit, steps))
        for row in self._living(distance):
            yield distance[row.unit_id], row

    def below(self, scope: int, hierarchies: Iterable[str], deepest: int | None = None) -> QuerySet[Snapshot]:
        rows = Closure.objects.filter(
            ancestor=scope, hierarchy__in=list(hierarchies), depth__gt=0, start__lte=self.on, end__gt=self.on
        )
        if deepest is not None:
            rows = rows.filter(depth__lte=deepest)
        return living(self.on).filter(unit__in=rows.values("descendant"))


# Groups: "các trường tiểu học thuộc huyện Thượng"


@lru_cache(maxsize=1)
def _groups() -> list[tuple[str, dict[str, Any]]]:
    """Phrases as compared, the longest first."""
    found = [(spelling.canon(words), row) for row in table("kinds.toml")["group"] for words in row["words"]]
    return sorted(found, key=lambda item: -len(item[0]))


@lru_cache(maxsize=64)
def _kinds_of(phrase: str) -> frozenset[str]:
    row = next(row for words, row in _groups() if words == phrase)
    kinds = table("kinds.toml")["kind"]
    families = set(row.get("families", [])) | {row["family"]} if "family" in row else set(row.get("families", []))
    stages = set(row.get("stages", []))
    found = set(row.get("kinds", []))
    found |= {kind["code"] for kind in kinds if kind["family"] in families or stages & set(kind.get("stages", []))}
    if stages and "continuing" not in stages:
        found -= {kind["code"] for kind in kinds if kind["family"] == "centre"}
    return frozenset(found - set(row.get("without", [])))


def _split_group(words: str) -> tuple[frozenset[str], str] | None:
    """The kinds that a phrase means, and what follows it."""
    for phrase, _ in _groups():
        if words == phrase:
            return _kinds_of(phrase), ""
        if words.startswith(f"{phrase} ") and phrase.startswith(("cac ", "ubnd cac ")):
            return _kinds_of(phrase), words.removeprefix(f"{phrase} ")
    return None


def _group(words: str, text: str, around: _Around) -> list[Match]:
    split = _split_group(words)
    if split is None or not around.chain:
        return []
    kinds, rest = split
    scope: Snapshot | None = None
    while rest and scope is None:
        rest = JOINING.sub("", rest)
        scope = _scope(rest, around)
        more = _split_group(f"cac {rest}") if scope is None else None  # "các trường THPT, trung tâm GDNN-GDTX"
        if more:
            kinds, rest = kinds | more[0], more[1]
        elif scope is None:
            return []
    return [_members(kinds, text.strip(), scope, around)]


def _scope(rest: str, around: _Around) -> Snapshot | None:
    """What the words after the phrase name: a level ("huyện") or an area by name."""
    if not rest or rest in ("dia ban", "day", "so"):
        return around.snapshots[around.chain[0]]
    if rest in LEVEL_WORDS:
        return around.called(rest)
    named = [match for match in _anywhere(rest, around) if match.unit_id is not None]
    return around._living([named[0].unit_id or 0]).first() if named else None


def _members(kinds: frozenset[str], text: str, scope: Snapshot | None, around: _Around) -> Match:
    """All units of the kinds below the scope; an office without any asks whoever it belongs to."""
    offices = not Kind.objects.filter(code__in=kinds).exclude(family="office").exists()
    for unit in [scope.unit_id] if scope else around.chain:
        for hierarchies in ((MANAGEMENT, TERRITORY), (PROFESSIONAL,)):
            below = around.below(unit, hierarchies, deepest=1 if offices else None).filter(kind__in=kinds)
            ids = tuple(sorted(below.values_list("unit_id", flat=True)))
            if ids:
                called = around.snapshots[unit].name if unit in around.snapshots else (scope.name if scope else "")
                return Match(None, ids, text, 96, f"{len(ids)} đơn vị thuộc {called}")
    return Match(None, (), text, LEAST, "chưa có đơn vị nào thuộc nhóm này")


# A level without a name: "UBND tỉnh", "huyện"


def _level(words: str, around: _Around) -> list[Match]:
    found = around.called(words.removeprefix("ubnd "))
    return [_one(found.unit_id, 95, f"{found.body_name}, cấp trên hoặc chính nơi ban hành")] if found else []


# Beside the writer: "Phòng GD&ĐT", "Phòng VH-XH", "Trường Tiểu học Ánh Dương"


def _beside(words: str, around: _Around) -> list[Match]:
    if not around.chain:
        return []
    scored = [
        (score - distance, row) for distance, row in around.beside() if (score := _likeness(words, row, around.chain))
    ]
    best = max((score for score, _ in scored), default=0)
    first = [row for score, row in scored if score == best]
    if len(first) > 1:
        ids = tuple(sorted(row.unit_id for row in first))
        return [
            Match(None, ids, first[0].kind.name, min(best, 90), f"{len(ids)} đơn vị cùng tên gọi quanh nơi ban hành")
        ]
    return [_one(row.unit_id, score, f"{row.name}, gần nơi ban hành") for score, row in scored]


def _likeness(words: str, row: Snapshot, chain: list[int]) -> int:
    """How well the words fit a unit beside the writer; 0 for not at all."""
    plain = words.removeprefix("ubnd ")
    short = spelling.canon(row.short_name) if row.short_name else ""
    kind_names = {spelling.canon(row.kind.name), spelling.canon(row.kind.short or row.kind.name)}
    if plain == row.canon:
        return 100
    if short and words == short:
        return 98
    if row.kind.family not in ("area", "school", "place") and words in kind_names:
        return 94
    if row.canon.startswith(f"{words} ") and row.kind.family != "area":
        return 92
    for own in {short, *kind_names} - {""}:
        rest = words.removeprefix(f"{own} ")
        if rest != words and " " in own and row.kind.family not in ("area", "school") and rest in LEVEL_WORDS:
            return 90
    if " " in words and f" {words}" in row.canon:
        return 70
    return 0


# A full name anywhere: "UBND xã Bắc Hà, tỉnh Lào Cai"


def _anywhere(words: str, around: _Around) -> list[Match]:
    for head, places in _readings(words):
        rows = list(
            living(around.on).filter(Q(canon=head) | Q(bare=head, kind__family="area")).select_related("kind")[:200]
        )
        if not rows:
            alias = Q(unit__aliases__fold=head)
            rows = list(living(around.on).filter(alias).select_related("kind")[:20])
        rows = [row for row in rows if _lies_in(row.unit_id, places, around.on)]
        if rows:
            return _ranked(rows, head, places, around)
    return []


def _readings(words: str) -> Iterator[tuple[str, list[str]]]:
    """The whole as a name, then name and place, name and two places: "xa bac ha" in "tinh lao cai"."""
    plain = words.removeprefix("ubnd ").removeprefix("hdnd ubnd ").removeprefix("hdnd ")
    yield plain, []
    parts = SPLIT.split(plain)
    for cut in range(len(parts) - 1, 0, -1):
        yield " ".join(parts[:cut]), parts[cut:]


def _lies_in(unit_id: int, places: list[str], on: date) -> bool:
    """Whether each place is the name of something the unit lies in or is directed by."""
    if not places:
        return True
    above = Closure.objects.filter(
        hierarchy__in=(TERRITORY, MANAGEMENT), descendant=unit_id, depth__gt=0, start__lte=on, end__gt=on
    )
    names = set(living(on).filter(unit__in=above.values("ancestor")).values_list("canon", flat=True))
    return all(place in names for place in places)


def _ranked(rows: list[Snapshot], head: str, places: list[str], around: _Around) -> list[Match]:
    """Namesakes: those that lie where the writer is come first."""
    own = set(around.chain) - {1}
    shared: dict[int, int] = {}
    above = Closure.objects.filter(
        hierarchy__in=(TERRITORY, MANAGEMENT), descendant__in=[row.unit_id for row in rows], ancestor__in=own,
        start__lte=around.on, end__gt=around.on,
    )  # fmt: skip
    for unit, _ in set(above.values_list("descendant_id", "ancestor_id")):
        shared[unit] = shared.get(unit, 0) + 1
    most = max(shared.values(), default=0)
    found = []
    for row in rows:
        score = 90 if row.canon == head else 82
        score += 8 if shared.get(row.unit_id, 0) == most and (most or len(rows) == 1) else 0
        score -= 0 if most or places or len(rows) == 1 else min(len(rows) * 4, 40)
        where = "trong địa bàn nơi ban hành" if shared.get(row.unit_id) else "tên trong cả nước"
        found.append(_one(row.unit_id, score, f"{row.name}: {where}"))
    return found


# Former names: units that ended before the day, or are known only from a later day


def _former(words: str, around: _Around) -> list[Match]:
    found: list[Match] = []
    for head, places in _readings(words):
        rows = Snapshot.objects.filter(Q(canon=head) | Q(bare=head, kind__family="area")).select_related("kind")
        for row in rows.exclude(start__lte=around.on, end__gt=around.on).order_by("-end")[:50]:
            day = min(max(around.on, row.start), row.end - date.resolution)
            if _lies_in(row.unit_id, places, day) and (match := _followed(row, around)):
                found.append(match)
        if found:
            return found
    return _replaced(words, around) or _office_of_area(words, around)


def _followed(row: Snapshot, around: _Around) -> Match | None:
    """A unit of former days → what exists in its place on the day."""
    if row.start > around.on:
        why = f"{row.name} chỉ được ghi nhận từ {row.start:%d/%m/%Y}"
        return Match(row.unit_id, (row.unit_id,), "", 60, why)
    if living(around.on).filter(unit=row.unit_id).exists():
        return _one(row.unit_id, 85, f"tên trước đây: {row.name}, đến {row.end:%d/%m/%Y}")
    heirs = _heirs({row.unit_id}, around.on)
    if not heirs and row.kind.level == "district":
        district = {row.unit_id} if row.kind.family == "area" else _directed_by(row)
        heirs = _heirs(district, around.on) or _heirs(_communes_of(district, row), around.on)
    if not heirs:
        return None
    own = heirs & set(around.chain)
    names = ", ".join(sorted(living(around.on).filter(unit__in=heirs).values_list("name", flat=True))[:4])
    why = f"{row.name} kết thúc ngày {row.end:%d/%m/%Y}; nay là {names}{'…' if len(heirs) > 4 else ''}"
    if len(heirs) == 1 or len(own) == 1:
        return _one(next(iter(own or heirs)), 80, why)
    return Match(None, tuple(sorted(heirs)), row.name, 75, why)


def _heirs(units: set[int], on: date) -> set[int]:
    """Living units that came from these by merger or division, over as many steps as it took; or are these still."""
    heirs = set(living(on).filter(unit__in=units).values_list("unit_id", flat=True))
    while units:
        after = set(Lineage.objects.filter(predecessor__in=units, on__lte=on).values_list("successor_id", flat=True))
        alive = set(living(on).filter(unit__in=after).values_list("unit_id", flat=True))
        heirs |= alive
        units = after - alive
    return heirs


def _communes_of(district: set[int], row: Snapshot) -> set[int]:
    """What stood in the district on its last day: its work went to the communes that are there now."""
    last = row.end - date.resolution
    below = Closure.objects.filter(
        ancestor__in=district, hierarchy=TERRITORY, depth=1, start__lte=last, end__gt=last
    ).values("descendant")
    areas = living(last).filter(unit__in=below, kind__family="area")
    return set(areas.values_list("unit_id", flat=True))


def _directed_by(row: Snapshot) -> set[int]:
    """The district that a former office belonged to."""
    last = row.end - date.resolution
    above = Closure.objects.filter(descendant=row.unit_id, hierarchy=MANAGEMENT, depth=1, start__lte=last, end__gt=last)
    return set(above.values_list("ancestor_id", flat=True))


def _replaced(words: str, around: _Around) -> list[Match]:
    """Text-replacement rule of 1 July 2025: in what is written later, Phòng GD&ĐT and cấp huyện read as UBND cấp xã."""
    commune = around.of_level("commune")
    former = words in ("phong gddt", "phong gddt huyen", "ubnd huyen", "cap huyen", "ubnd cap huyen", "huyen")
    if commune is None or not former or around.on < table("admin/admin.toml")["reform"]["on"]:
        return []
    return [_one(commune.unit_id, 65, f"từ 01/7/2025 đọc là {commune.body_name}")]


def _office_of_area(words: str, around: _Around) -> list[Match]:
    """ "Phòng GD&ĐT huyện Bảo Thắng" where the tree has the district but not its office: the area answers for it."""
    for phrase in _office_phrases():
        if words.startswith(f"{phrase} "):
            area = words.removeprefix(f"{phrase} ")
            found = _anywhere(area, around) or _former(area, around)
            return [replace(match, score=min(match.score, 60), why=f"theo địa bàn: {match.why}") for match in found]
    return []


@lru_cache(maxsize=1)
def _office_phrases() -> list[str]:
    """How documents call offices, the longest first."""
    kinds = [kind for kind in table("kinds.toml")["kind"] if kind["family"] in ("office", "party", "union", "board")]
    names = {spelling.canon(kind[field]) for kind in kinds for field in ("name", "short") if kind.get(field)}
    return sorted(names, key=lambda name: -len(name))
