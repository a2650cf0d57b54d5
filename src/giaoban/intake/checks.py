"""What a table says against itself and against what one expects: printed sums that differ, and odd values.

A printed total is compared with the sum of what it is the total of, and listed where it differs; it is never kept.
Odd values are looked for in each unit's own series over the years (`core.outliers.jumps`, and values unlike the rest
of the series), and among its peers of the same year. Nothing is corrected: a person looks, and loads or does not.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from giaoban.core import outliers
from giaoban.core import period as periods
from giaoban.core.period import Period
from giaoban.intake import units
from giaoban.intake.reading import Key, Printed, Reading
from giaoban.intake.targets import Info
from giaoban.orgs.models import Lineage

JUMP, LEVEL, PEERS, UNIT_OF_MEASURE = "jump", "level", "peers", "measure"
PERCENT, LEAST = 30, 20  # a change is looked at from so many percent and so much on
STANDS_OUT = Fraction(5)  # how many modified deviations from the rest of its own series
PEER_LIMIT = Fraction(6)
THOUSAND = (Fraction(300), Fraction(3000))
MOST = 2_000


@dataclass(frozen=True)
class Differs:
    """A printed sum that is not what its parts come to."""

    printed: Printed
    summed: int
    parts: int
    lacking: int  # parts the table does not give

    @property
    def difference(self) -> int:
        return self.printed.value - self.summed


@dataclass(frozen=True)
class Odd:
    """A value that stands out, and against what."""

    kind: str
    unit_id: int
    cell: str
    period: str
    value: int
    against: int  # the value before, or the middle of what it is compared with
    before: str = ""  # code of the period before
    cause: str = ""  # what is known to have happened: a merger between the two
    row: int = -1
    column: int = -1


@dataclass
class Sums:
    """Figures by (period, cell) for adding up."""

    by_line: Mapping[tuple[str, int], dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, reading: Reading) -> Sums:
        found: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
        for (unit, period, cell), figure in reading.figures.items():
            found[period, cell][unit] = figure.value
        return cls(found)


def differing(reading: Reading, infos: Mapping[str, Info], finder: units.Finder) -> tuple[list[Differs], int]:
    """Printed sums that differ from their parts, and how many agree."""
    sums = Sums.of(reading)
    elements: dict[str, list[int]] = defaultdict(list)
    for info in infos.values():
        elements[info.element].append(info.id)
    found, agreeing = [], 0
    regions: dict[tuple[str, str], frozenset[int]] = {}
    used = {cell for _, _, cell in reading.figures}
    for one in reading.printed:
        if one.unit_id:
            judged = _of_element(one, sums, [cell for cell in elements.get(one.of, []) if cell in used])
        else:
            judged = _of_line(one, sums, infos, reading, finder, regions)
        if judged is None:
            continue
        if judged.difference:
            found.append(judged)
        else:
            agreeing += 1
    found.sort(key=lambda one: (-abs(one.difference) * 1000 // max(abs(one.printed.value), 1), one.printed.row))
    return found, agreeing


def _of_element(one: Printed, sums: Sums, cells: list[int]) -> Differs | None:
    parts = [sums.by_line.get((one.period, cell), {}).get(one.unit_id) for cell in cells]
    given = [part for part in parts if part is not None]
    return Differs(one, sum(given), len(given), len(parts) - len(given)) if given else None


def _of_line(
    one: Printed, sums: Sums, infos: Mapping[str, Info], reading: Reading, finder: units.Finder,
    regions: dict[tuple[str, str], frozenset[int]],
) -> Differs | None:  # fmt: skip
    line = sums.by_line.get((one.period, infos[one.of].id), {})
    if not line:
        return None
    day = periods.parse(one.period).data_day
    asked = (one.name, one.period)
    if asked not in regions:
        regions[asked] = units.members_of(one.name, finder, day)
    readings: list[dict[int, int]] = []
    if regions[asked]:
        readings.append({unit: value for unit, value in line.items() if unit in regions[asked]})
    elif one.group:
        readings.append({unit: value for unit, value in line.items() if reading.groups.get(unit) == one.group})
    else:
        readings.append(line)
    best = min(readings, key=lambda parts: abs(one.value - sum(parts.values())))
    lacking = len(regions[asked] - best.keys()) if regions[asked] else 0
    return Differs(one, sum(best.values()), len(best), lacking) if best else None


# Odd values


def odd(reading: Reading, infos: Mapping[str, Info], held: Mapping[Key, int] | None = None) -> list[Odd]:
    """What stands out, the strongest first. `held` are figures the series already has, for the years beside."""
    by_id = {info.id: info for info in infos.values()}
    values: dict[Key, int] = dict(held or {})
    values.update({key: figure.value for key, figure in reading.figures.items()})
    series: dict[tuple[int, int, str], list[tuple[Period, int]]] = defaultdict(list)
    for (unit, code, cell), value in values.items():
        period = periods.parse(code)
        series[unit, cell, period.kind.value].append((period, value))
    found: list[Odd] = []
    for (unit, cell, _), points in series.items():
        points.sort()
        found += _along(unit, by_id[cell], points, reading)
    found += _measures(series, by_id)
    found += _among_peers(values, by_id, reading)
    return _with_causes(_once(found))[:MOST]


def _along(unit: int, info: Info, points: list[tuple[Period, int]], reading: Reading) -> list[Odd]:
    numbers = [value for _, value in points]
    found = []
    jumps = outliers.jumps(numbers, percent=PERCENT, least=LEAST * 10**info.scale if info.sums else 1)
    for one in jumps:
        period, value = points[one.index]
        before = points[one.index - 1]
        found.append(_placed(Odd(JUMP, unit, info.key, period.code, value, before[1], before[0].code), info, reading))
    jumped = {points[one.index][0].code for one in jumps}
    for index in outliers.unlike_the_rest(numbers, lambda rest: outliers.modified_z(rest, STANDS_OUT * 2)):
        period, value = points[index]
        middle = int(outliers.median([other for place, other in enumerate(numbers) if place != index]))
        if period.code not in jumped and _far(value, middle):
            found.append(_placed(Odd(LEVEL, unit, info.key, period.code, value, middle), info, reading))
    return found


def _far(value: int, middle: int) -> bool:
    low, high = sorted((value, middle))
    return high >= 2 * low and high - low >= LEAST


def _placed(one: Odd, info: Info, reading: Reading) -> Odd:
    figure = reading.figures.get((one.unit_id, one.period, info.id))
    if figure is None:
        return one
    return Odd(one.kind, one.unit_id, one.cell, one.period, one.value, one.against, one.before, one.cause,
               figure.row, figure.column)  # fmt: skip


def _measures(series: Mapping[tuple[int, int, str], list[tuple[Period, int]]], by_id: Mapping[int, Info]) -> list[Odd]:
    """From one year to the next nearly all units a thousand times more or less: the measure has changed, not facts."""
    steps: dict[tuple[int, str, str], list[tuple[Fraction, int, int]]] = defaultdict(list)
    for (_, cell, _), points in series.items():
        for (before, old), (after, new) in itertools.pairwise(points):
            if old > 0 and new > 0:
                steps[cell, before.code, after.code].append((Fraction(new, old), old, new))
    found = []
    for (cell, before, after), ratios in steps.items():
        if len(ratios) < 4:
            continue
        middle = outliers.median([ratio for ratio, _, _ in ratios])
        turned = middle if middle > 1 else 1 / middle if middle else Fraction(0)
        if THOUSAND[0] <= turned <= THOUSAND[1]:
            old, new = sum(one[1] for one in ratios), sum(one[2] for one in ratios)
            found.append(Odd(UNIT_OF_MEASURE, 0, by_id[cell].key, after, new, old, before))
    return found


def _among_peers(values: Mapping[Key, int], by_id: Mapping[int, Info], reading: Reading) -> list[Odd]:
    """Of one year: a unit whose change is unlike that of nearly all others; levels differ by nature, changes less."""
    lines: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
    for (unit, code, cell), value in values.items():
        lines[code, cell][unit] = value
    found = []
    for (code, cell), now in lines.items():
        before_period = periods.parse(code).same_last_year()
        before = lines.get((before_period.code, cell), {}) if before_period else {}
        shares = {
            unit: Fraction(value * 1000, before[unit])
            for unit, value in now.items()
            if before.get(unit, 0) >= LEAST and value >= 0
        }
        if len(shares) < 12:
            continue
        usual = outliers.modified_z(list(shares.values()), PEER_LIMIT)
        for unit, share in shares.items():
            changed = abs(share - 1000) * 100 >= PERCENT * 1000 and abs(now[unit] - before[unit]) >= LEAST
            if usual is not None and changed and not usual.holds(share) and before_period is not None:
                one = Odd(PEERS, unit, by_id[cell].key, code, now[unit], before[unit], before_period.code)
                found.append(_placed(one, by_id[cell], reading))
    return found


def _once(found: Iterable[Odd]) -> list[Odd]:
    """A value is told once, by the first rule that found it; the strongest first."""
    kept: dict[tuple[int, str, str], Odd] = {}
    for one in found:
        kept.setdefault((one.unit_id, one.cell, one.period), one)
    return sorted(kept.values(), key=lambda one: (one.kind != UNIT_OF_MEASURE, -_strength(one), one.cell, one.period))


def _strength(one: Odd) -> Fraction:
    low, high = sorted((abs(one.value), abs(one.against)))
    return Fraction(high + 1, low + 1)


def _with_causes(found: list[Odd]) -> list[Odd]:
    """Where the unit took over or gave away territory between the two days, that is said beside the jump."""
    changes: dict[int, list[date]] = defaultdict(list)
    rows = Lineage.objects.filter(successor__in={one.unit_id for one in found}) | Lineage.objects.filter(
        predecessor__in={one.unit_id for one in found}
    )
    for successor, predecessor, on in rows.values_list("successor_id", "predecessor_id", "on"):
        changes[successor].append(on)
        changes[predecessor].append(on)
    told = []
    for one in found:
        day = periods.parse(one.period).data_day
        since = periods.parse(one.before).data_day if one.before else day - timedelta(days=366)
        cause = next((f"{on:%d/%m/%Y}" for on in sorted(changes[one.unit_id]) if since < on <= day), "")
        told.append(one if not cause else Odd(one.kind, one.unit_id, one.cell, one.period, one.value, one.against,
                                              one.before, cause, one.row, one.column))  # fmt: skip
    return told
