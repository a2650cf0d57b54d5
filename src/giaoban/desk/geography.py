"""Where units lie: the centroids of the communes of 2025, which ship with the product, followed through lineage.

A commune of today stands where the catalogue says. One of former days stands where its main successor stands, and is
marked so. A province stands in the middle of its communes of the day, each weighted by its area.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from giaoban.catalogue import rows
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY, Closure, Lineage, Snapshot
from giaoban.ui.maps import weighted

COMMUNES_SINCE = date(2025, 7, 1)
ISLANDS = (("Quần đảo Hoàng Sa", 16.568, 112.135), ("Quần đảo Trường Sa", 9.71, 114.45))
STEPS = 6  # how many reorganisations a former commune is followed through


@dataclass(frozen=True)
class Spot:
    """A place on earth with the area that weighs it; `about` where only a successor's place is known."""

    lat: float
    lon: float
    area: float
    about: bool = False


@cache
def _shipped() -> dict[str, Spot]:
    """Commune code of the Statistics Office → its centroid; the two communes without an area weigh as the smallest."""
    return {
        row["code"]: Spot(float(row["lat"]), float(row["lon"]), float(row["area_km2"] or 1))
        for row in rows("admin/communes_2025.csv")
        if row["lat"] and row["lon"]
    }


def ground() -> list[tuple[float, float]]:
    """Every commune of 2025: the shape of the country without a drawn border."""
    return [(spot.lat, spot.lon) for spot in _shipped().values()]


def communes(unit_ids: Iterable[int]) -> dict[int, Spot]:
    """Where these communes lie; those nobody can place are absent."""
    wanted = list(unit_ids)
    found = _own(wanted)
    return found | _by_heirs([unit for unit in wanted if unit not in found])


def _own(unit_ids: Iterable[int]) -> dict[int, Spot]:
    """By any code a unit has borne since the communes of 2025 stand; codes of former days meant other places."""
    since = Snapshot.objects.filter(unit__in=list(unit_ids), end__gt=COMMUNES_SINCE)
    codes = since.values_list("unit_id", "code")
    return {unit: _shipped()[code] for unit, code in codes if code in _shipped()}


def _by_heirs(unit_ids: list[int]) -> dict[int, Spot]:
    """Each former commune where what it mainly became lies."""
    at = {unit: unit for unit in unit_ids}
    for _step in range(STEPS):
        main = Lineage.objects.filter(predecessor__in=set(at.values()), main=True)
        onward = dict(main.values_list("predecessor_id", "successor_id"))
        if not onward:
            break
        at = {unit: onward.get(now, now) for unit, now in at.items()}
    spots = _own(set(at.values()))
    return {unit: replace(spots[now], about=True) for unit, now in at.items() if now in spots}


def provinces(unit_ids: Iterable[int], on: date) -> dict[int, Spot]:
    """Where these provinces of the day lie: in the middle of their communes."""
    wanted = set(unit_ids)
    below = Closure.objects.filter(hierarchy=TERRITORY, ancestor__in=wanted, start__lte=on, end__gt=on)
    held = below.filter(
        descendant__in=orgs.living(on).filter(kind__family="area", kind__level="commune").values("unit")
    ).values_list("ancestor_id", "descendant_id")
    members: dict[int, list[int]] = defaultdict(list)
    for province, commune in held:
        members[province].append(commune)
    spots = communes([commune for found in members.values() for commune in found])
    placed: dict[int, Spot] = {}
    for province, found in members.items():
        known = [spots[commune] for commune in found if commune in spots]
        middle = weighted((spot.lat, spot.lon, spot.area) for spot in known)
        if middle:
            about = any(spot.about for spot in known)
            placed[province] = Spot(*middle, sum(spot.area for spot in known), about)
    return placed
