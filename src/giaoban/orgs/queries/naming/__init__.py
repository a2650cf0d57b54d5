"""Names as documents write them: which unit, or which group of units, does "Phòng GD&ĐT" mean here, on that day?

What somebody confirmed near here comes first. Then five readings are tried and the best come first: a group ("các
trường tiểu học"), a place by its level alone ("UBND huyện"), a unit around the one that wrote, a full name anywhere, a
name of former days followed to what became of it. All names of a document are looked up together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from giaoban.orgs import spelling
from giaoban.orgs.queries.naming.around import Around
from giaoban.orgs.queries.naming.book import Book
from giaoban.orgs.queries.naming.former import former
from giaoban.orgs.queries.naming.groups import group
from giaoban.orgs.queries.naming.learned import alias, confirmed, learned
from giaoban.orgs.queries.naming.match import Match, best
from giaoban.orgs.queries.naming.single import anywhere, beside, level
from giaoban.orgs.queries.naming.wording import asked, readings, ways

__all__ = ["Match", "alias", "confirmed", "resolve_name", "resolve_names"]

GOOD = 80  # a reading so plain that no further one is looked for


def resolve_name(text: str, on: date, near: int | None = None, reader: int | None = None) -> list[Match]:
    """Readings of the name, the best first; `near` is the unit that wrote the document, `reader` the one that reads."""
    return resolve_names([text], on, near=near, reader=reader)[text]


def resolve_names(
    texts: Iterable[str], on: date, near: int | None = None, reader: int | None = None
) -> dict[str, list[Match]]:
    """`resolve_name` for every name of a document, in a number of questions that grows with its groups alone."""
    words = {text: asked(text) for text in texts}
    around, book = Around(near, on), Book(on)
    book.load(head for said in words.values() for way in ways(said) if said for head, _places in readings(way))
    here = list(around.chain)
    if reader is not None and reader not in here:
        here = [*Around(reader, on).chain, *here]
    told = learned({spelling.canon(text) for text in words}, on, here) if here else {}
    known: dict[str, list[Match]] = {}
    found = {}
    for text, said in words.items():
        if said not in known:
            known[said] = _readings(said, text, around, book) if said else []
        confirmed_one = told.get(spelling.canon(text))
        found[text] = known[said] if confirmed_one is None else _first(confirmed_one, known[said])
    return found


def _readings(said: str, text: str, around: Around, book: Book) -> list[Match]:
    """The name as written; where that is nothing plain, the other ways it may be meant."""
    found: list[Match] = []
    for way in ways(said):
        found += group(way, text, around, book) + level(way, around) + beside(way, around) + anywhere(way, around, book)
        if max((match.score for match in found), default=0) >= GOOD:
            return best(found)
    for way in ways(said):
        more = former(way, around, book)
        if more:
            return best([*found, *more])
    return best(found)


def _first(told: Match, others: list[Match]) -> list[Match]:
    """What a person confirmed before all that a rule found."""
    rest = [replace(one, score=min(one.score, 90)) for one in others if one.unit_ids != told.unit_ids]
    return [told, *rest]
