"""Search as one types: without accents, the best first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from giaoban.core.text import fold, nfc, sort_key
from giaoban.orgs import spelling
from giaoban.orgs.models import TERRITORY, Closure, Code, Snapshot
from giaoban.orgs.queries import lexicon
from giaoban.orgs.queries.lexicon import Lexicon, Wording
from giaoban.orgs.queries.tree import living

POOL = 60  # how many of the best are ordered by place before the list is cut
CODE, EXACT, PREFIX, WORD, WORDS = range(5)  # ranks, the best first


@dataclass(frozen=True)
class Found:
    """One hit: the unit as of the day, where it lies, and how well it fits (0 is best)."""

    unit_id: int
    name: str
    body_name: str
    kind: str
    kind_name: str
    code: str
    path: str
    rank: int


def search(
    text: str, on: date, kinds: Iterable[str] | None = None, under: int | None = None, limit: int = 20
) -> list[Found]:
    """Units of the day whose name, code or alias fits the text; `under` keeps to what lies in one unit's territory.

    Order: the code itself, the exact name, a name that begins so, one where it begins inside, one where each word
    begins some word; within a rank the units nearest to the root, then by kind and alphabet.
    """
    wanted = _Wanted(text)
    if not wanted.canon.text:
        return []
    within = None if under is None else _below(under, on)
    chosen = None if kinds is None else frozenset(kinds)
    pool = max(POOL, limit)
    coded = _coded(wanted.text, on, chosen, within)
    ranks = _named(wanted, on, chosen, within, pool) | coded
    rows = _rows(ranks)
    if len(rows) < len(ranks):  # something found has gone from the record meanwhile
        lexicon.forget()
        ranks = _named(wanted, on, chosen, within, pool) | coded
        rows = _rows(ranks)
    return _shown(rows, ranks, on, limit)


def _below(unit_id: int, on: date) -> frozenset[int]:
    rows = Closure.objects.filter(hierarchy=TERRITORY, ancestor=unit_id, start__lte=on, end__gt=on)
    return frozenset(rows.values_list("descendant_id", flat=True))


class _Wanted:
    """The text as it is compared: without the words "UBND" before an area, which nobody's name begins with.

    What an abbreviation stands for was written to its end: "tiểu học" is "th", and does not begin "thị trấn".
    """

    def __init__(self, text: str) -> None:
        self.text = nfc(text).strip()
        plain = fold(self.text)
        self.fold = Wording(plain, tuple(plain.split()))
        canon = spelling.canon(self.text).removeprefix("ubnd ")
        words = tuple(canon.split())
        self.canon = Wording(canon, words, frozenset(words) - set(re.findall(r"\w+", plain)))


def _coded(text: str, on: date, kinds: Collection[str] | None, within: Collection[int] | None) -> dict[int, int]:
    """Snapshots by a code the unit bears or bore: {number: rank}. Every code has a digit; most texts have none."""
    if not any(sign.isdigit() for sign in text):
        return {}
    units = Code.objects.filter(code=text, start__lte=on).values("unit_id")
    rows = living(on).filter(unit__in=units).values_list("pk", "unit_id", "kind_id", "code")
    return {
        pk: CODE if code == text else WORDS
        for pk, unit, kind, code in rows
        if (kinds is None or kind in kinds) and (within is None or unit in within)
    }


def _named(
    wanted: _Wanted, on: date, kinds: Collection[str] | None, within: Collection[int] | None, pool: int
) -> dict[int, int]:
    """The best snapshots by name or alias: {number: rank}. No more rows are looked at than the pool needs."""
    words, day = lexicon.lexicon(), on.isoformat()
    found: dict[int, int] = {}
    for row, rank in _fitting(words, wanted):
        if row in found or not words.stands(row, day):
            continue
        if (kinds is None or words.kind(row) in kinds) and (within is None or words.units[row] in within):
            found[row] = rank
            if len(found) == pool:
                break
    return {words.number(row): rank for row, rank in found.items()}


def _fitting(words: Lexicon, wanted: _Wanted) -> Iterator[tuple[int, int]]:
    """Rows of the lexicon with their ranks, the best first, each stage only when it is asked for; some come twice."""
    aliases = sorted(words.called(wanted.canon.text))
    exact = {*words.named(wanted.canon, wanted.fold), *(row for row, whole in aliases if whole)}
    yield from ((row, EXACT) for row in sorted(exact))
    yield from ((row, PREFIX) for row in words.beginning(wanted.canon, wanted.fold))
    rest = [row for row, _whole in aliases]
    for row in words.holding(wanted.canon, wanted.fold):
        if words.says(row, wanted.canon, wanted.fold):
            yield row, WORD
        else:
            rest.append(row)
    yield from ((row, WORDS) for row in sorted(rest))


def _rows(numbers: Iterable[int]) -> list[tuple[int, int, str, int]]:
    """(number, unit, name, order of the kind) of snapshots that are there."""
    found = Snapshot.objects.filter(pk__in=list(numbers))
    return list(found.values_list("pk", "unit_id", "name", "kind__order"))


def _shown(rows: list[tuple[int, int, str, int]], ranks: dict[int, int], on: date, limit: int) -> list[Found]:
    """The best of them in order, with where they lie."""
    above = _above([unit for _pk, unit, _name, _order in rows], on)

    def place(row: tuple[int, int, str, int]) -> tuple[object, ...]:
        pk, unit, name, order = row
        return ranks[pk], len(above[unit]), order, sort_key(name), unit

    best = {pk: unit for pk, unit, _name, _order in sorted(rows, key=place)[:limit]}
    found = Snapshot.objects.filter(pk__in=best).select_related("kind").in_bulk()
    paths = _named_paths({unit: above[unit] for unit in best.values()}, on)
    return [
        Found(
            unit_id=row.unit_id,
            name=row.name,
            body_name=row.body_name,
            kind=row.kind_id,
            kind_name=row.kind.name,
            code=row.code,
            path=", ".join(paths[row.unit_id]),
            rank=ranks[row.pk],
        )
        for row in (found[pk] for pk in best if pk in found)
    ]


def paths_of(unit_ids: list[int], on: date) -> dict[int, list[str]]:
    """For each unit the names of what it lies in, the nearest first and without the country; two queries for all."""
    return _named_paths(_above(unit_ids, on), on)


def _above(unit_ids: list[int], on: date) -> dict[int, list[int]]:
    """What each unit lies in, the nearest first."""
    rows = Closure.objects.filter(
        hierarchy=TERRITORY, descendant__in=unit_ids, depth__gt=0, start__lte=on, end__gt=on
    ).order_by("depth")
    above: dict[int, list[int]] = {unit_id: [] for unit_id in unit_ids}
    for unit, ancestor in rows.values_list("descendant_id", "ancestor_id"):
        above[unit].append(ancestor)
    return above


def _named_paths(above: dict[int, list[int]], on: date) -> dict[int, list[str]]:
    named = living(on).filter(unit__in={unit for path in above.values() for unit in path})
    shown = named.filter(kind__family__in=["area", "school", "office"]).exclude(kind__level="country")
    names = dict(shown.values_list("unit_id", "name"))
    return {unit: [names[one] for one in path if one in names] for unit, path in above.items()}
