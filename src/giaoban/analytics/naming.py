"""Units and conditions as a person or a program names them: by code, by name or by number; attribute:value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from giaoban.core.refusal import Refused, sentence
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Unit

SCHEMES = ("gso", "moet", "giaoban")


class NoSuchUnit(Refused):
    """No unit of these days has the code, name or number."""

    sentence = sentence("No unit of %(days)s has the code, the name or the number “%(text)s”.")
    field = "units"


class SeveralUnits(Refused):
    """The name fits several units."""

    sentence = sentence("“%(text)s” fits several units: %(units)s. Write the code, or id: and the number.")
    field = "units"


class BadCondition(Refused):
    """The text does not say which attribute must have which value."""

    sentence = sentence("“%(text)s” is no condition; write attribute:value, such as zone:III.")
    field = "where"


class UnknownCondition(Refused):
    """There is no such attribute, or no such value of it: nothing could ever hold it."""

    sentence = sentence("No unit can hold “%(text)s”: there is no such attribute, or it has no such value.")
    field = "where"


def conditions(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """ "zone:III,border:dat_lien" → (("zone", "III"), ("border", "dat_lien")), each attribute having such a value."""
    pieces = [piece.strip() for text in texts for piece in text.split(",") if piece.strip()]
    known = {one.code: one.values for one in orgs.attributes()} if pieces else {}
    found = []
    for piece in pieces:
        attribute, colon, value = (part.strip() for part in piece.partition(":"))
        if not (attribute and colon and value):
            raise BadCondition(text=piece)
        if value not in known.get(attribute, {}):
            raise UnknownCondition(text=piece)
        found.append((attribute, value))
    return tuple(dict.fromkeys(found))


def units(texts: Iterable[str], days: Sequence[date]) -> list[int]:
    """The units named, looked up on the days in their order: code 15 was Yên Bái and is Lào Cai."""
    pieces = [piece.strip() for text in texts for piece in text.split(",")]
    return list(dict.fromkeys(unit(piece, days) for piece in pieces if piece))


def unit(text: str, days: Sequence[date]) -> int:
    """A code, a name (accents may be left out), or `id:` and our own number."""
    number = text.removeprefix("id:")
    if number != text:
        if number.isdecimal() and Unit.objects.filter(pk=int(number)).exists():
            return int(number)
        raise NoSuchUnit(text=text, days=_days(days))
    for day in days:
        found = _by_code(text, day) or _by_name(text, day)
        if found is not None:
            return found
    raise NoSuchUnit(text=text, days=_days(days))


def _by_code(text: str, day: date) -> int | None:
    bearers = (orgs.by_code(text, day, scheme) for scheme in SCHEMES)
    return next((bearer.pk for bearer in bearers if bearer is not None), None)


def _by_name(text: str, day: date) -> int | None:
    """The unit whose name fits best; of several that fit alike the one nearest the root, where that is one."""
    hits = orgs.search(text, day)
    if not hits:
        return None
    hits = [hit for hit in hits if hit.rank == hits[0].rank]
    height = {hit.unit_id: len(orgs.ancestors(hit.unit_id, orgs.TERRITORY, day)) for hit in hits}
    nearest = [hit for hit in hits if height[hit.unit_id] == min(height.values())]
    if len(nearest) > 1:
        listed = "; ".join(f"{hit.name} ({hit.path}, id:{hit.unit_id})" for hit in nearest[:5])
        raise SeveralUnits(text=text, units=listed)
    return nearest[0].unit_id


def _days(days: Sequence[date]) -> str:
    return ", ".join(f"{day.day}/{day.month}/{day.year}" for day in days)
