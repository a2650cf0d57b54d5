"""When units become others: their positions, who sits there, and the roles over them go along; undone, they come back.

A position stays with the unit it was a seat of. Its successor gets a seat of its own with the same title, holders and
roles from the day of the change, so that what was signed before reads as it was. The right to do so is the change's:
orgs lets nobody write one who may not, and these verbs follow only what a change wrote.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs.models import Change
from giaoban.orgs.queries.heirs import Succession, succession
from giaoban.people import queries
from giaoban.people.models import Account, Grant, Holding, Manner, Position
from giaoban.people.roles import Role

Record = dict[str, Any]
"""What a verb here wrote, so that it can be taken back: numbers of rows, and what stood in those it changed."""


@dataclass(frozen=True)
class OpenHead:
    """Several people led what one unit was made of, or the one who did led a divided unit: who leads the new one?"""

    unit: int
    seat: int
    holdings: tuple[int, ...]


@dataclass(frozen=True)
class OpenSeat:
    """A held position of a divided unit: to which part does it go?"""

    unit: int
    position: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class OpenGrants:
    """A position elsewhere with roles over a divided unit: over which parts does it have them now?"""

    unit: int
    position: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Followed:
    """What went along by rule, and what a person must decide. `seats` is {old position: new position}."""

    record: Record
    seats: Mapping[int, int] = field(default_factory=dict)
    heads: Sequence[OpenHead] = ()
    open_seats: Sequence[OpenSeat] = ()
    open_grants: Sequence[OpenGrants] = ()


class SeatTaken(Refused):
    sentence = sentence("%(name)s holds this seat already. End that first.")


class NewerPeople(Refused):
    sentence = sentence(
        "Positions, holders or roles at the new units were changed since, %(count)s in all, such as “%(example)s”."
    )


class NewerAccounts(Refused):
    sentence = sentence("%(count)s accounts were opened at the new units since, such as %(example)s.")


# Following


def follow(*, by: Actor, at: datetime, change: Change) -> Followed:
    """Seats, holders and roles of the units that a change ended go to the units these became."""
    change.refresh_from_db()
    if change.undone_at is not None:
        raise NotAllowed()
    told = succession(change)
    with writing(by=by, at=at, verb="position.follow", subject=change) as entry:
        mover = _Mover(told)
        heads = mover.heads()
        mover.seats_of(mover.ordinary())
        open_grants = mover.grants()
        mover.end_the_rest()
        mover.homes()
        entry.data |= {"positions": len(mover.seats), "grants": len(mover.record["grants_made"])}
        entry.skip = not any(mover.record.values())
    open_seats = tuple(
        OpenSeat(position.unit_id, position.pk, told.divided[position.unit_id])
        for position in mover.held
        if position.unit_id in told.divided and position.pk not in mover.lead_of.values()
    )
    return Followed(mover.record, mover.seats, heads, open_seats, open_grants)


def seat_head(
    *,
    by: Actor,
    at: datetime,
    on: date,
    seat: Position,
    holding: int,
    ended: Mapping[int, str | None],
    made: Container[int],
) -> Record:
    """Of several who led before one leads the new unit; the others' holdings have ended with their units.

    `ended` and `made` are what the following wrote: {holding: the end it had}, and the seats it made.
    """
    queries.require(by, "unit.manage", seat.unit_id, timezone.localdate(at), tree_day=on)
    with writing(by=by, at=at, verb="position.follow", subject=seat, unit_id=seat.unit_id) as entry:
        mover = _Mover(Succession(on))
        held = _as_they_were(ended)
        chosen = next((one for one in held if one.pk == holding), None)
        if chosen is None:  # who sits there already, at a unit that stood before, stays
            entry.skip = True
            return mover.record
        for other in Holding.objects.filter(_alive(on), position=seat).select_related("account"):
            if seat.pk in made:
                raise SeatTaken(name=other.account.full_name)
            mover.end([other])
        mover.carry(_with_stand_ins(chosen, held), {chosen.position_id: seat.pk})
        entry.data |= {"account": chosen.account_id, "name": chosen.account.full_name, "start": on}
    return mover.record


def seat_in_part(
    *, by: Actor, at: datetime, on: date, position: Position, unit: int, ended: Mapping[int, str | None]
) -> Record:
    """A position of a divided unit goes to one of its parts, with its holders and its roles over the whole."""
    queries.require(by, "unit.manage", unit, timezone.localdate(at), tree_day=on)
    with writing(by=by, at=at, verb="position.follow", subject=position, unit_id=unit) as entry:
        mover = _Mover(Succession(on, whole={position.unit_id: unit}))
        mover.holdings = {position.pk: [one for one in _as_they_were(ended) if one.position_id == position.pk]}
        mover.seats_of([position])
        mover.grants(of=[position.pk])
        entry.data |= {"position": position.pk, "seat": mover.seats.get(position.pk)}
    return mover.record


def grant_over_parts(
    *, by: Actor, at: datetime, on: date, position: Position, old: int, units: Iterable[int]
) -> Record:
    """The roles a position had over a divided unit hold over these of its parts."""
    wanted = list(units)
    for unit in wanted:
        queries.require(by, "unit.manage", unit, timezone.localdate(at), tree_day=on)
    with writing(by=by, at=at, verb="position.follow", subject=position, unit_id=old) as entry:
        mover = _Mover(Succession(on))
        for grant in _grants(on).filter(position=position, unit=old):
            mover.regrant(grant, position.pk, wanted)
        mover.finish()
        entry.data["units"] = wanted
    return mover.record


def take_back(*, by: Actor, at: datetime, change: Change, records: Sequence[Record]) -> None:
    """Undo what followed from a change that was undone, the last first."""
    change.refresh_from_db()
    if change.undone_at is None:
        raise NotAllowed()
    with writing(by=by, at=at, verb="position.take_back", subject=change) as entry:
        for record in reversed(records):
            _take_back(record)
        entry.skip = not any(any(record.values()) for record in records)


def _take_back(record: Record) -> None:
    Holding.objects.filter(pk__in=[key for key, _ in record["holdings_made"]]).delete()
    Grant.objects.filter(pk__in=[key for key, _ in record["grants_made"]]).delete()
    _give_ends(Holding, record["holdings_ended"])
    _give_ends(Grant, record["grants_ended"])
    for account, home in record["homes"]:
        Account.objects.filter(pk=account).update(home_id=home)
    # The seats themselves stay with the unit without life, as its name does: a letter may have been sent to one.


def _give_ends(table: type[Holding] | type[Grant], rows: Sequence[Sequence[Any]]) -> None:
    by_end: dict[str | None, list[int]] = {}
    for key, end in rows:
        by_end.setdefault(end, []).append(key)
    for end, keys in by_end.items():
        table.objects.filter(pk__in=keys).update(end=date.fromisoformat(end) if end else None)


def resting(records: Sequence[Record], founded: Sequence[int]) -> list[Refused]:
    """What newer holdings, roles, positions and accounts rest on what followed, and so keep it from being undone."""
    seats = {key for record in records for key in record["positions"]}
    units = list(founded)
    inside = Q(position__unit__in=units) | Q(position__in=seats)
    newer = [
        *_differing(Holding.objects.filter(inside), records, "holdings_made"),
        *_differing(Grant.objects.filter(inside | Q(unit__in=units)), records, "grants_made"),
        *Position.objects.filter(unit__in=units).exclude(pk__in=seats),
    ]
    found: list[Refused] = []
    if newer:
        found.append(NewerPeople(count=len(newer), example=str(newer[0])))
    homes = {key for record in records for key, _ in record["homes"]}
    opened = list(Account.objects.filter(home__in=units).exclude(pk__in=homes)[:100])
    if opened:
        found.append(NewerAccounts(count=len(opened), example=opened[0].full_name))
    return found


def _differing(rows: Any, records: Sequence[Record], name: str) -> list[Any]:
    """Rows that no record made, or whose end is another than it was given."""
    known = {key: end for record in records for key, end in record[name]}
    return [one for one in rows if one.pk not in known or _text(one.end) != known[one.pk]]


# How


def _alive(on: date) -> Q:
    return Q(end__isnull=True) | Q(end__gt=on)


def _grants(on: date) -> Any:
    return Grant.objects.filter(_alive(on)).order_by("pk")


def _with_stand_ins(holder: Holding, held: Iterable[Holding]) -> list[Holding]:
    """The holding, and those of who acts for its holder in the same seat."""
    acting = [one for one in held if one.position_id == holder.position_id and one.acting_for_id == holder.account_id]
    return [holder, *acting]


def _as_they_were(ended: Mapping[int, str | None]) -> list[Holding]:
    """Holdings that have ended with their unit, with the end they had before (in memory only)."""
    found = list(Holding.objects.filter(pk__in=list(ended)).select_related("account").order_by("pk"))
    for one in found:
        end = ended[one.pk]
        one.end = date.fromisoformat(end) if end else None
    return found


def _leads(held: Holding) -> bool:
    """Whether the person sits there for themselves: as holder, or in charge of a vacant seat."""
    return held.manner == Manner.HOLDS or (held.manner == Manner.IN_CHARGE and held.acting_for_id is None)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


class _Mover:
    """Collects what is ended and what is made; writes in bulk."""

    def __init__(self, told: Succession) -> None:
        self.told, self.on = told, told.on
        self.seats: dict[int, int] = {}
        self.record: Record = {
            "positions": [],
            "holdings_made": [],
            "holdings_ended": [],
            "grants_made": [],
            "grants_ended": [],
            "homes": [],
        }
        self.lead_of: dict[int, int] = {}  # ended unit → its head's position
        self._new_grants: list[Grant] = []
        self._ended_grants: dict[int, Grant] = {}
        self.carried: set[int] = set()
        units = told.ended
        self.positions = list(Position.objects.filter(unit__in=units).order_by("unit", "rank", "pk")) if units else []
        self.holdings: dict[int, list[Holding]] = {}
        rows = Holding.objects.filter(_alive(self.on), position__in=self.positions).select_related("account")
        for one in rows.order_by("pk"):
            self.holdings.setdefault(one.position_id, []).append(one)
        administrators = set(
            _grants(self.on)
            .filter(position__in=self.positions, role=Role.ADMINISTRATOR.value)
            .values_list("position_id", flat=True)
        )
        for position in self.positions:
            if position.leads and position.pk not in administrators:
                self.lead_of.setdefault(position.unit_id, position.pk)

    @property
    def held(self) -> list[Position]:
        return [position for position in self.positions if position.pk in self.holdings]

    def ordinary(self) -> list[Position]:
        """Positions of units that became one other, but for the heads."""
        heads = set(self.lead_of.values())
        return [one for one in self.positions if one.unit_id in self.told.whole and one.pk not in heads]

    def seats_of(self, positions: Sequence[Position]) -> None:
        """A seat like each of these at the successor, with its holders."""
        made = Position.objects.bulk_create(
            Position(unit_id=self.told.whole[one.unit_id], title=one.title, rank=one.rank, leads=one.leads)
            for one in positions
        )
        fresh = {old.pk: new.pk for old, new in zip(positions, made)}
        self.record["positions"] += [one.pk for one in made]
        self.seats |= fresh
        self.carry([one for old in positions for one in self.holdings.get(old.pk, [])], fresh)

    def heads(self) -> tuple[OpenHead, ...]:
        """One head's seat for each successor; who sits there is settled where only one person can be meant."""
        by_id = {one.pk: one for one in self.positions}
        mine: dict[int, list[Position]] = {}
        for unit, position in sorted(self.lead_of.items()):
            for new in [self.told.whole[unit]] if unit in self.told.whole else self.told.divided.get(unit, ()):
                mine.setdefault(new, []).append(by_id[position])
        asked = []
        for unit, olds in mine.items():
            seat, holding = self._head_seat(unit, olds)
            whole = [one for one in olds if one.unit_id in self.told.whole]
            self.seats |= {one.pk: seat.pk for one in whole}
            holders = [held for one in olds for held in self.holdings.get(one.pk, []) if _leads(held)]
            people = {held.account_id for held in holders}
            if holding is not None:
                if people - {holding.account_id}:
                    asked.append(OpenHead(unit, seat.pk, (holding.pk, *(held.pk for held in holders))))
            elif len(people) == 1 and len(whole) == len(olds):
                chosen = holders[0]
                self.carry(_with_stand_ins(chosen, self.holdings[chosen.position_id]), {chosen.position_id: seat.pk})
            elif people:
                asked.append(OpenHead(unit, seat.pk, tuple(held.pk for held in holders)))
            self._roles_of_head(seat, olds)
        return tuple(asked)

    def _head_seat(self, unit: int, olds: Sequence[Position]) -> tuple[Position, Holding | None]:
        """The head's seat of a successor and who sits there: a new one, or that of a unit which stood before."""
        if unit not in self.told.founded:
            found = Position.objects.filter(unit=unit, leads=True).order_by("rank", "pk").first()
            if found is not None:
                held = Holding.objects.filter(_alive(self.on), position=found, manner=Manner.HOLDS)
                return found, held.order_by("pk").first()
        first = min(olds, key=lambda one: (one.unit_id not in self.told.whole, one.rank, one.pk))
        seat = Position.objects.create(unit_id=unit, title=first.title, rank=first.rank, leads=True)
        self.record["positions"].append(seat.pk)
        return seat, None

    def _roles_of_head(self, seat: Position, olds: Sequence[Position]) -> None:
        """The head's roles over a divided unit hold over its part; those over a whole one go with all others."""
        parts = [one.pk for one in olds if one.unit_id in self.told.divided]
        for grant in _grants(self.on).filter(position__in=parts, unit__in=list(self.told.divided)):
            self._plan(grant, seat.pk, seat.unit_id)

    def carry(self, holdings: Sequence[Holding], seats: Mapping[int, int]) -> None:
        """End the holdings and let the same people sit in the new seats from the same day."""
        made = Holding.objects.bulk_create(
            Holding(
                position_id=seats[one.position_id],
                account_id=one.account_id,
                manner=one.manner,
                acting_for_id=one.acting_for_id,
                basis=one.basis,
                start=max(one.start, self.on),
                end=one.end,
            )
            for one in holdings
        )
        self.record["holdings_made"] += [[one.pk, _text(one.end)] for one in made]
        self.end(holdings)

    def end_the_rest(self) -> None:
        """Who sat in a unit that ended sits there no longer, whatever is decided about where they go."""
        self.end([one for held in self.holdings.values() for one in held if one.pk not in self.carried])

    def end(self, holdings: Sequence[Holding]) -> None:
        self.carried |= {one.pk for one in holdings}
        self.record["holdings_ended"] += [[one.pk, _text(one.end)] for one in holdings]
        for one in holdings:
            one.end = max(one.start, self.on)
        Holding.objects.bulk_update(holdings, ["end"])

    def grants(self, of: Sequence[int] | None = None) -> tuple[OpenGrants, ...]:
        """Roles over units that became one other, and of seats that moved; what is over divided units is asked."""
        touched = Q(unit__in=list(self.told.whole)) | Q(position__in=list(self.seats))
        if of is not None:
            touched &= Q(position__in=list(of))
        for grant in _grants(self.on).filter(touched):
            seat = self.seats.get(grant.position_id, grant.position_id)
            if grant.unit_id not in self.told.divided:
                self.regrant(grant, seat, [self.told.whole.get(grant.unit_id, grant.unit_id)])
        heads = set(self.lead_of.values())
        inside = {one.pk for one in self.positions if one.unit_id in self.told.divided}  # they are asked themselves
        asked: dict[tuple[int, int], None] = {}
        for grant in _grants(self.on).filter(unit__in=list(self.told.divided)):
            if grant.position_id in heads:
                self._end(grant)
            elif grant.position_id not in inside:
                asked[grant.unit_id, grant.position_id] = None
        self.finish()
        return tuple(OpenGrants(unit, position, self.told.divided[unit]) for unit, position in asked)

    def regrant(self, grant: Grant, seat: int, units: Sequence[int]) -> None:
        for unit in units:
            self._plan(grant, seat, unit)
        self._end(grant)

    def _plan(self, grant: Grant, seat: int, unit: int) -> None:
        self._new_grants.append(
            Grant(
                position_id=seat,
                role=grant.role,
                unit_id=unit,
                hierarchy_id=grant.hierarchy_id,
                start=max(grant.start, self.on),
                end=grant.end,
            )
        )

    def _end(self, grant: Grant) -> None:
        self._ended_grants[grant.pk] = grant

    def finish(self) -> None:
        """Write the grants: each role once, though several units that became one had it."""
        wanted: dict[tuple[int, str, int, str], Grant] = {}
        for one in self._new_grants:
            key = (one.position_id, one.role, one.unit_id, one.hierarchy_id)
            longest = wanted.setdefault(key, one)
            if longest.end is not None and (one.end is None or one.end > longest.end):
                wanted[key] = one
        seats = {key[0] for key in wanted}
        have = set(
            _grants(self.on)
            .filter(position__in=seats, end__isnull=True)
            .values_list("position_id", "role", "unit_id", "hierarchy_id")
        )
        made = Grant.objects.bulk_create(one for key, one in wanted.items() if key not in have)
        self.record["grants_made"] += [[one.pk, _text(one.end)] for one in made]
        ended = list(self._ended_grants.values())
        self.record["grants_ended"] += [[one.pk, _text(one.end)] for one in ended]
        for one in ended:
            one.end = max(one.start, self.on)
        Grant.objects.bulk_update(ended, ["end"])
        self._new_grants, self._ended_grants = [], {}

    def homes(self) -> None:
        """Accounts opened in a unit that ended are managed where it went: of a divided one, in its main part."""
        places = dict(self.told.whole) | {old: parts[0] for old, parts in self.told.divided.items()}
        accounts = list(Account.objects.filter(home__in=list(places)).order_by("pk"))
        self.record["homes"] += [[one.pk, one.home_id] for one in accounts]
        for one in accounts:
            one.home_id = places[one.home_id]  # type: ignore[index]
        Account.objects.bulk_update(accounts, ["home"])
