"""What an administrator looks at: accounts, positions, holdings and grants under their units, and the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import fold
from giaoban.journal.actor import Actor
from giaoban.journal.models import Event
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Snapshot, Unit
from giaoban.people.models import Account, Grant, Holding, Manner, Position
from giaoban.people.queries.rights import units_where, valid_on


def accounts_under(actor: Actor, on: date) -> QuerySet[Account]:
    """Accounts opened in, or ever working in, a unit whose accounts the actor manages."""
    units = units_where(actor, "account.manage", on)
    worked = Holding.objects.filter(account_id=OuterRef("pk"), position__unit_id__in=units)
    return Account.objects.filter(Q(home_id__in=units) | Exists(worked))


def administers(actor: Actor, account: Account, on: date) -> bool:
    """Whether the actor manages the accounts of every unit where the person works now or will work.

    A person who works nowhere is managed where the account was opened.
    """
    if actor.is_system:
        return True
    units = units_where(actor, "account.manage", on)
    places = set(
        Holding.objects.filter(Q(end__isnull=True) | Q(end__gt=on), account=account).values_list(
            "position__unit_id", flat=True
        )
    ) or {account.home_id}
    return Unit.objects.filter(pk__in=places - {None}).filter(pk__in=units).count() == len(places)


def positions_under(actor: Actor, on: date) -> QuerySet[Position]:
    """Positions of units whose accounts the actor manages."""
    return Position.objects.filter(unit_id__in=units_where(actor, "account.manage", on))


def account(actor: Actor, account_id: int, on: date) -> Account:
    """An account the actor may look at as administrator."""
    return _one(accounts_under(actor, on), account_id)


def position(actor: Actor, position_id: int, on: date) -> Position:
    """A position the actor may look at as administrator."""
    return _one(positions_under(actor, on), position_id)


def holding_under(actor: Actor, holding_id: int, on: date) -> Holding:
    """A holding of a position the actor administers."""
    held = Holding.objects.select_related("account", "position", "acting_for")
    return _one(held.filter(position__in=positions_under(actor, on)), holding_id)


def grant_under(actor: Actor, grant_id: int, on: date) -> Grant:
    """A grant of a position the actor administers."""
    return _one(Grant.objects.select_related("position").filter(position__in=positions_under(actor, on)), grant_id)


def _one(found: QuerySet[Any], key: int) -> Any:
    """The one row, or NotAllowed: who may not see it does not learn whether it exists."""
    one = found.filter(pk=key).first()
    if one is None:
        raise NotAllowed()
    return one


def vacant_positions(unit_id: int, on: date) -> QuerySet[Position]:
    """Positions of a unit that nobody holds in their own right on the day or later."""
    taken = Holding.objects.filter(
        Q(end__isnull=True) | Q(end__gt=on), position_id=OuterRef("pk"), manner=Manner.HOLDS.value
    )
    return Position.objects.filter(~Exists(taken), unit_id=unit_id)


def search_accounts(actor: Actor, text: str, on: date, unit_id: int | None = None) -> QuerySet[Account]:
    """Accounts under the actor by name without accents, user name or telephone; `unit_id` keeps to one unit."""
    found = accounts_under(actor, on)
    if unit_id is not None:
        there = Holding.objects.filter(valid_on(on), account_id=OuterRef("pk"), position__unit_id=unit_id)
        found = found.filter(Exists(there))
    for word in fold(text).split():
        found = found.filter(Q(fold__contains=word) | Q(username__contains=word) | Q(phone__contains=word))
    return found.order_by("fold", "pk")


def units_named(actor: Actor, verb: str, text: str, on: date) -> QuerySet[Snapshot]:
    """Units where the actor may do the verb whose name has these words, without accents."""
    found = orgs.living(on).filter(unit_id__in=units_where(actor, verb, on)).select_related("kind")
    for word in fold(text).split():
        found = found.filter(Q(fold__contains=word) | Q(code=word))
    return found.order_by("kind__order", "fold")


def journal_for(
    actor: Actor,
    on: date,
    *,
    unit: str = "",
    verb: str = "",
    person: str = "",
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[Event]:
    """Events at units whose journal the actor may read, or by positions of such units; latest first.

    `unit` and `person` are words of a name without accents, `first` and `last` days, both counted in.
    """
    found = Event.objects.order_by("-seq")
    if not actor.is_system:
        units = units_where(actor, "journal.view", on)
        positions = Position.objects.filter(unit_id__in=units).values("pk")
        found = found.filter(Q(unit_id__in=units) | Q(position_id__in=positions))
    if unit:
        named = Snapshot.objects.filter(fold__contains=fold(unit).strip())
        found = found.filter(unit_id__in=named.values("unit_id"))
    if person:
        found = found.filter(account_id__in=Account.objects.filter(fold__contains=fold(person).strip()).values("pk"))
    if verb:
        found = found.filter(verb=verb)
    if first:
        found = found.filter(at__gte=_midnight(first))
    if last:
        found = found.filter(at__lt=_midnight(last + timedelta(days=1)))
    return found


@dataclass(frozen=True)
class ChainEnd:
    """How long the journal is, and the fingerprint of its last line."""

    total: int
    hash: str


def chain_end() -> ChainEnd:
    last = Event.objects.order_by("-seq").values_list("hash", flat=True).first()
    return ChainEnd(Event.objects.count(), last or "")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
