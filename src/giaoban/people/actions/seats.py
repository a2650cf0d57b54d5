"""Positions and who sits in them. Changes are dated and nothing is overwritten: a holding ends and another starts."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from giaoban.core.refusal import Refused, sentence
from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries
from giaoban.people.models import Account, Holding, Manner, Position


class NoTitle(Refused):
    sentence = sentence("The title of the position is missing.")
    field = "title"


class UnitNotThere(Refused):
    sentence = sentence("The unit does not exist on %(day)s.")
    field = "on"


class PositionHeld(Refused):
    sentence = sentence("%(name)s holds this position from %(day)s. End that first, or hand it over.")
    field = "account"


class AlreadyHolds(Refused):
    sentence = sentence("%(name)s sits in this position already.")
    field = "account"


class NotOneself(Refused):
    sentence = sentence("You cannot appoint, dismiss or give rights to yourself. Ask another administrator.")


class Suspended(Refused):
    sentence = sentence("The account of %(name)s is suspended.")
    field = "account"


class EndsBeforeStart(Refused):
    sentence = sentence("The last day comes before the first.")
    field = "until"


class DayBefore(Refused):
    sentence = sentence("%(name)s holds the position only from %(day)s.")
    field = "on"


class EndedAlready(Refused):
    sentence = sentence("This has ended already, on %(day)s.")
    field = "on"


class NoHolder(Refused):
    sentence = sentence("Nobody holds this position on that day, so nobody can be signed for: give charge of it.")
    field = "manner"


def create_position(
    *, by: Actor, at: datetime, unit: int, title: str, rank: int = 100, leads: bool = False
) -> Position:
    """A seat in the unit, vacant and without rights until somebody is appointed and roles are granted."""
    queries.require(by, "account.manage", unit, timezone.localdate(at))
    title = " ".join(nfc(title).split())
    if not title:
        raise NoTitle()
    with writing(by=by, at=at, verb="position.create", unit_id=unit) as entry:
        entry.subject = position = Position.objects.create(unit_id=unit, title=title, rank=rank, leads=leads)
        return position


def appoint(
    *,
    by: Actor,
    at: datetime,
    position: Position,
    account: Account,
    on: date | None = None,
    until: date | None = None,
    basis: str = "",
) -> Holding:
    """Somebody takes the position from a day; it must be free on all days of the new holding."""
    on = on or timezone.localdate(at)
    _require(by, at, position, on, account)
    with writing(by=by, at=at, verb="position.appoint", unit_id=position.unit_id, reason=basis) as entry:
        entry.subject = position = _locked(position)
        _check_days(position, on, until)
        _require_active(account)
        for other in _overlapping(position, on, until).filter(manner=Manner.HOLDS)[:1]:
            raise PositionHeld(name=other.account.full_name, day=_day(other.start))
        entry.data |= {"account": account.pk, "name": account.full_name, "start": on, "end": until}
        return Holding.objects.create(position=position, account=account, start=on, end=until, basis=basis)


def dismiss(*, by: Actor, at: datetime, holding: Holding, on: date | None = None, reason: str = "") -> Holding:
    """The holding ends: `on` is the first day it no longer holds. Who signed for the holder stops on the same day.

    Who was given charge goes on: somebody has to, and the charge has its own last day.
    """
    on = on or timezone.localdate(at)
    position = holding.position
    _require(by, at, position, on, holding.account)
    with writing(by=by, at=at, verb="position.dismiss", unit_id=position.unit_id, reason=reason) as entry:
        entry.subject = _locked(position)
        holding.refresh_from_db()
        if holding.end is not None and holding.end <= on:
            raise EndedAlready(day=_day(holding.end))
        entry.data |= {"account": holding.account_id, "name": holding.account.full_name, "end": on}
        _end(holding, on)
        if holding.manner == Manner.HOLDS:
            entry.data["stand_ins"] = _end_stand_ins(holding, on, [Manner.SIGNS_FOR])
        return holding


def act_for(
    *,
    by: Actor,
    at: datetime,
    position: Position,
    account: Account,
    until: date,
    on: date | None = None,
    manner: Manner = Manner.SIGNS_FOR,
    basis: str = "",
) -> Holding:
    """For some days another works in the position: signs for its holder, or is in charge (holder away, or none)."""
    on = on or timezone.localdate(at)
    _require(by, at, position, on, account)
    with writing(by=by, at=at, verb="position.act_for", unit_id=position.unit_id, reason=basis) as entry:
        entry.subject = position = _locked(position)
        _check_days(position, on, until)
        _require_active(account)
        for same in _overlapping(position, on, until).filter(account=account)[:1]:
            raise AlreadyHolds(name=same.account.full_name)
        holder = _holder(position, on)
        if holder is None and manner == Manner.SIGNS_FOR:
            raise NoHolder()
        entry.data |= {"account": account.pk, "name": account.full_name, "manner": manner.value}
        entry.data |= {"start": on, "end": until, "for": holder.account.full_name if holder else ""}
        return Holding.objects.create(
            position=position,
            account=account,
            manner=manner,
            acting_for=holder.account if holder else None,
            start=on,
            end=until,
            basis=basis,
        )


def hand_over(
    *, by: Actor, at: datetime, position: Position, to: Account, on: date | None = None, reason: str = ""
) -> Holding:
    """The position passes in one step. Open work, messages and grants are the position's, so they pass with it.

    Whoever stood in for the old holder stops, and so does the new holder's own standing in.
    """
    on = on or timezone.localdate(at)
    _require(by, at, position, on, to)
    with writing(by=by, at=at, verb="position.hand_over", unit_id=position.unit_id, reason=reason) as entry:
        entry.subject = position = _locked(position)
        _check_days(position, on, None)
        _require_active(to)
        holder = _holder(position, on)
        if holder is not None:
            _require(by, at, position, on, holder.account)
            if holder.account_id == to.pk:
                raise AlreadyHolds(name=to.full_name)
            entry.data |= {"from": holder.account_id, "from_name": holder.account.full_name}
            _end(holder, on)
            entry.data["stand_ins"] = _end_stand_ins(holder, on, [Manner.SIGNS_FOR, Manner.IN_CHARGE])
        for later in _overlapping(position, on, None).filter(manner=Manner.HOLDS)[:1]:
            raise PositionHeld(name=later.account.full_name, day=_day(later.start))
        for stand_in in _overlapping(position, on, None).filter(account=to):
            _end(stand_in, max(on, stand_in.start))
        entry.data |= {"to": to.pk, "to_name": to.full_name, "start": on}
        return Holding.objects.create(position=position, account=to, start=on, basis=reason)


def _require(by: Actor, at: datetime, position: Position, on: date, account: Account) -> None:
    """The right of the day of the act, on the tree of the day the change takes hold."""
    if by.is_system:
        return
    queries.require(by, "account.manage", position.unit_id, timezone.localdate(at), tree_day=on)
    if by.account_id == account.pk:
        raise NotOneself()


def _require_active(account: Account) -> None:
    if not account.is_active:
        raise Suspended(name=account.full_name)


def _locked(position: Position) -> Position:
    """The position's row, locked to the end of the transaction, so that two appointments cannot cross."""
    return Position.objects.select_for_update().get(pk=position.pk)


def _check_days(position: Position, on: date, until: date | None) -> None:
    if until is not None and until <= on:
        raise EndsBeforeStart()
    if not orgs.exists(position.unit_id, on):
        raise UnitNotThere(day=_day(on))


def _overlapping(position: Position, start: date, end: date | None) -> QuerySet[Holding]:
    found = Holding.objects.filter(Q(end__isnull=True) | Q(end__gt=start), position=position).select_related("account")
    return found if end is None else found.filter(start__lt=end)


def _holder(position: Position, on: date) -> Holding | None:
    """Who sits in the position in their own right on the day."""
    held = Holding.objects.filter(queries.valid_on(on), position=position, manner=Manner.HOLDS)
    return held.select_related("account").first()


def _end(holding: Holding, on: date) -> None:
    if on < holding.start:
        raise DayBefore(name=holding.account.full_name, day=_day(holding.start))
    holding.end = on
    holding.save(update_fields=["end"])


def _end_stand_ins(holder: Holding, on: date, manners: list[Manner]) -> list[str]:
    """End those who act for the holder in these manners; their names. Who was to start later never does."""
    acting = _overlapping(holder.position, on, None).filter(acting_for=holder.account, manner__in=manners)
    for stand_in in acting:
        _end(stand_in, max(on, stand_in.start))
    return [stand_in.account.full_name for stand_in in acting]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
