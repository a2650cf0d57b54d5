"""Search as one types: without accents, the best first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from giaoban.core.text import fold, nfc, sort_key
from giaoban.orgs import spelling
from giaoban.orgs.models import TERRITORY, Alias, Closure, Code, Snapshot
from giaoban.orgs.queries.tree import living

POOL = 300  # how many of the best are ordered by path before the list is cut
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
    if not wanted.canon:
        return []
    hits = living(on).filter(wanted.condition(on)).annotate(rank=wanted.rank(on))
    if kinds is not None:
        hits = hits.filter(kind__in=list(kinds))
    if under is not None:
        below = Closure.objects.filter(hierarchy=TERRITORY, ancestor=under, start__lte=on, end__gt=on)
        hits = hits.filter(unit__in=below.values("descendant"))
    return _ordered(hits.select_related("kind"), on, limit)


class _Wanted:
    """The text as it is compared: without the words "UBND" before an area, which nobody's name begins with."""

    def __init__(self, text: str) -> None:
        self.text = nfc(text).strip()
        self.fold = fold(self.text)
        self.canon = spelling.canon(self.text).removeprefix("ubnd ")

    def _by_alias(self) -> QuerySet[Alias]:
        return Alias.objects.filter(fold__startswith=self.canon)

    def _by_code(self, on: date) -> QuerySet[Code]:
        return Code.objects.filter(code=self.text, start__lte=on)

    def condition(self, on: date) -> Q:
        every, plain = Q(), Q()
        for word in self.canon.split():
            every &= Q(canon__startswith=word) | Q(canon__contains=f" {word}")
        for word in self.fold.split():
            plain &= Q(fold__startswith=word) | Q(fold__contains=f" {word}")
        other = Q(unit__in=self._by_alias().values("unit")) | Q(unit__in=self._by_code(on).values("unit"))
        return every | plain | Q(code=self.text) | other

    def rank(self, on: date) -> Case:
        exact = Q(canon=self.canon) | Q(bare=self.canon) | Q(fold=self.fold)
        alias = Q(unit__in=self._by_alias().filter(fold=self.canon).values("unit"))
        begins = Q(canon__startswith=self.canon) | Q(bare__startswith=self.canon) | Q(fold__startswith=self.fold)
        word = Q(canon__contains=f" {self.canon}") | Q(fold__contains=f" {self.fold}")
        return Case(
            When(Q(code=self.text), then=Value(CODE)),
            When(exact | alias, then=Value(EXACT)),
            When(begins, then=Value(PREFIX)),
            When(word, then=Value(WORD)),
            default=Value(WORDS),
            output_field=IntegerField(),
        )


def _ordered(hits: QuerySet[Snapshot], on: date, limit: int) -> list[Found]:
    pool = list(hits.order_by("rank", "kind__order", Length("fold"), "fold")[: max(POOL, limit)])
    paths = paths_of([hit.unit_id for hit in pool], on)
    pool.sort(key=lambda hit: (hit.rank, len(paths[hit.unit_id]), hit.kind.order, sort_key(hit.name), hit.unit_id))
    return [
        Found(
            unit_id=hit.unit_id,
            name=hit.name,
            body_name=hit.body_name,
            kind=hit.kind_id,
            kind_name=hit.kind.name,
            code=hit.code,
            path=", ".join(paths[hit.unit_id]),
            rank=hit.rank,
        )
        for hit in pool[:limit]
    ]


def paths_of(unit_ids: list[int], on: date) -> dict[int, list[str]]:
    """For each unit the names of what it lies in, the nearest first and without the country; two queries for all."""
    above = Closure.objects.filter(
        hierarchy=TERRITORY, descendant__in=unit_ids, depth__gt=0, start__lte=on, end__gt=on
    ).order_by("depth")
    steps = list(above.values_list("descendant_id", "ancestor_id"))
    named = living(on).filter(unit__in={ancestor for _, ancestor in steps}).exclude(kind__level="country")
    names = dict(named.filter(kind__family__in=["area", "school", "office"]).values_list("unit_id", "name"))
    paths: dict[int, list[str]] = {unit_id: [] for unit_id in unit_ids}
    for unit_id, ancestor in steps:
        if ancestor in names:
            paths[unit_id].append(names[ancestor])
    return paths
