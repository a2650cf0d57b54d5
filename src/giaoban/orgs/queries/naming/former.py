"""Names of former days, followed to what became of the unit; and what is read as the commune since 1 July 2025."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from giaoban.catalogue import table
from giaoban.orgs import spelling
from giaoban.orgs.models import MANAGEMENT, TERRITORY, Closure, Lineage, Snapshot
from giaoban.orgs.queries.naming.around import Around
from giaoban.orgs.queries.naming.book import Book
from giaoban.orgs.queries.naming.match import Match, one
from giaoban.orgs.queries.naming.single import anywhere
from giaoban.orgs.queries.naming.wording import readings
from giaoban.orgs.queries.tree import living


def former(words: str, around: Around, book: Book) -> list[Match]:
    """Units that ended before the day, or are known only from a later day."""
    found: list[Match] = []
    for head, places in readings(words):
        for row in book.other_days(head):
            day = min(max(around.on, row.start), row.end - date.resolution)
            if book.lies_in(row.unit_id, places, day) and (match := _followed(row, around)):
                found.append(match)
        if found:
            return found
    return _replaced(words, around) or _office_of_area(words, around, book)


def _followed(row: Snapshot, around: Around) -> Match | None:
    """A unit of former days → what exists in its place on the day."""
    if row.start > around.on:
        why = f"{row.name} chỉ được ghi nhận từ {row.start:%d/%m/%Y}"
        return Match(row.unit_id, (row.unit_id,), "", 60, why)
    if living(around.on).filter(unit=row.unit_id).exists():
        return one(row.unit_id, 85, f"tên trước đây: {row.name}, đến {row.end:%d/%m/%Y}")
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
        return one(next(iter(own or heirs)), 80, why)
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


def _replaced(words: str, around: Around) -> list[Match]:
    """Text-replacement rule of 1 July 2025: in what is written later, Phòng GD&ĐT and cấp huyện read as UBND cấp xã."""
    commune = around.of_level("commune")
    former = words in ("phong gddt", "phong gddt huyen", "ubnd huyen", "cap huyen", "ubnd cap huyen", "huyen")
    if commune is None or not former or around.on < table("admin/admin.toml")["reform"]["on"]:
        return []
    return [one(commune.unit_id, 65, f"từ 01/7/2025 đọc là {commune.body_name}")]


def _office_of_area(words: str, around: Around, book: Book) -> list[Match]:
    """ "Phòng GD&ĐT huyện Bảo Thắng" where the tree has the district but not its office: the area answers for it."""
    for phrase in _office_phrases():
        if words.startswith(f"{phrase} "):
            area = words.removeprefix(f"{phrase} ")
            found = anywhere(area, around, book) or former(area, around, book)
            return [replace(match, score=min(match.score, 60), why=f"theo địa bàn: {match.why}") for match in found]
    return []


@lru_cache(maxsize=1)
def _office_phrases() -> list[str]:
    """How documents call offices, the longest first."""
    kinds = [kind for kind in table("kinds.toml")["kind"] if kind["family"] in ("office", "party", "union", "board")]
    names = {spelling.canon(kind[field]) for kind in kinds for field in ("name", "short") if kind.get(field)}
    return sorted(names, key=lambda name: -len(name))
