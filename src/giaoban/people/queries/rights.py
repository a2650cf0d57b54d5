"""Who acts, who may do what and where, and who holds what, on a day.

Rights join grants with the closure of units: a position may do a verb at a unit when, on the day, one of its roles that
may do it was granted over that unit or an ancestor of it in the grant's own hierarchy, and the actor sits in the
position. Each question is one query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import Actor
from giaoban.journal.prepared import ask
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT, Closure, Lineage, Snapshot, Unit
from giaoban.people.models import Account, Grant, Holding, Manner, Position
from giaoban.people.roles import VERBS, Role, roles_of


def valid_on(on: date, prefix: str = "") -> Q:
    """Rows of a span that hold on a day; `prefix` as in `position__holdings__`."""
    end = f"{prefix}end"
    return Q(**{f"{prefix}start__lte": on}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": on}))


# Who acts


def positions_of(account: Account, on: date) -> QuerySet[Holding]:
    """The holdings of an account on a day, one for each position they may act in; the unit must still exist."""
    there = Snapshot.objects.filter(unit_id=OuterRef("position__unit_id"), start__lte=on, end__gt=on)
    return (
        Holding.objects.filter(valid_on(on), account=account, account__is_active=True)
        .filter(Exists(there))
        .select_related("account", "position__unit", "acting_for")
        .order_by("position__rank", "position_id", "manner", "start", "id")
    )


SEATS = """
SELECT held.id, held.start, held."end", held.manner, held.basis, held.acting_for_id,
       seat.id, seat.unit_id, seat.title, seat.rank, seat.leads
FROM people_holding held
JOIN people_position seat ON seat.id = held.position_id
WHERE held.account_id = %s AND held.start <= %s AND (held."end" IS NULL OR held."end" > %s)
  AND EXISTS (
    SELECT 1 FROM orgs_snapshot there
    WHERE there.unit_id = seat.unit_id AND there.start <= %s AND there."end" > %s
  )
ORDER BY seat.rank, seat.id, held.manner, held.start, held.id
"""


def seats(account: Account, on: date) -> list[Holding]:
    """`positions_of` an account just read, as asked with every request."""
    if not account.is_active:
        return []
    return [
        Holding(
            pk=pk, start=start, end=end, manner=manner, basis=basis, acting_for_id=acting_for, account=account,
            position=Position(pk=seat, unit_id=unit, title=title, rank=rank, leads=leads),
        )
        for pk, start, end, manner, basis, acting_for, seat, unit, title, rank, leads
        in ask(SEATS, [account.pk, on, on, on, on])
    ]  # fmt: skip


def holding(account: Account, position_id: int, on: date) -> Holding | None:
    """The holding by which an account acts in a position on a day; in one's own right comes before acting."""
    held = list(positions_of(account, on).filter(position_id=position_id))
    return min(held, key=lambda one: one.manner != Manner.HOLDS, default=None)


def actor(account: Account, position_id: int, on: date) -> Actor:
    """The account acting in the position on the day; NotAllowed when they do not hold it then."""
    found = holding(account, position_id, on)
    if found is None:
        raise NotAllowed()
    return actor_of(found)


def actor_of(found: Holding) -> Actor:
    """What the journal says for good about one who acts by this holding: who, as what, and for whom."""
    return Actor(
        account_id=found.account_id,
        position_id=found.position_id,
        unit_id=found.position.unit_id,
        name=found.account.full_name,
        title=f"{found.position.title}{MANNER_WORDS[Manner(found.manner)]}",
        acting_for=found.acting_for.full_name if found.acting_for else "",
    )


MANNER_WORDS = {Manner.HOLDS: "", Manner.SIGNS_FOR: " (ký thay)", Manner.IN_CHARGE: " (được giao phụ trách)"}


def sits(actor: Actor, on: date) -> bool:
    """Whether the account still holds the position it acts in on the day; for rights that come with the seat itself."""
    held = Holding.objects.filter(valid_on(on), account_id=actor.account_id, account__is_active=True)
    return actor.is_system or held.filter(position_id=actor.position_id).exists()


# Who may


def _granted(actor: Actor, roles: frozenset[Role], on: date, tree_day: date | None) -> QuerySet[Closure]:
    """Closure rows of the tree's day that lie under a grant of the actor's position valid on the day."""
    day = tree_day or on
    held = "ancestor__grants__position__holdings__"
    return Closure.objects.filter(
        valid_on(on, "ancestor__grants__"),
        valid_on(on, held),
        Q(**{f"{held}account_id": actor.account_id, f"{held}account__is_active": True}),
        ancestor__grants__position_id=actor.position_id,
        ancestor__grants__role__in=[role.value for role in roles],
        ancestor__grants__hierarchy_id=F("hierarchy_id"),
        start__lte=day,
        end__gt=day,
    )


def _reads(verb: str) -> bool:
    """Whether the verb only looks: these alone reach back to what a unit was made of."""
    return verb.endswith(".view") or verb == "figure.follow"


def _looks_back(verb: str, on: date, tree_day: date | None) -> bool:
    return tree_day is not None and tree_day < on and _reads(verb)


ROLES_AT = """
SELECT DISTINCT given.role
FROM people_grant given
JOIN orgs_closure below ON below.hierarchy_id = given.hierarchy_id AND below.ancestor_id = given.unit_id
WHERE given.position_id = %s AND given.start <= %s AND (given."end" IS NULL OR given."end" > %s)
  AND below.descendant_id = %s AND below.start <= %s AND below."end" > %s
  AND EXISTS (
    SELECT 1 FROM people_holding held JOIN people_account sits ON sits.id = held.account_id
    WHERE held.position_id = given.position_id AND held.account_id = %s AND sits.is_active
      AND held.start <= %s AND (held."end" IS NULL OR held."end" > %s)
  )
"""


def _roles_at(actor: Actor, unit_id: int, on: date, day: date) -> frozenset[Role]:
    """`_granted` for one unit, whatever the role: asked several times with every request."""
    values = [actor.position_id, on, on, unit_id, day, day, actor.account_id, on, on]
    return frozenset(Role(role) for (role,) in ask(ROLES_AT, values))


def _reached(actor: Actor, verb: str, on: date, tree_day: date | None) -> QuerySet[Closure]:
    """What is granted; on an earlier tree, for a verb that reads, also under the predecessors of what is granted."""
    roles = roles_of(verb)
    if not _looks_back(verb, on, tree_day):
        return _granted(actor, roles, on, tree_day)
    tops = Q(pk__in=[])
    for hierarchy, units in _granted_units(actor, roles, on).items():
        tops |= Q(hierarchy=hierarchy, ancestor__in=units | _predecessors(units, hierarchy, on, tree_day))
    return Closure.objects.filter(tops, start__lte=tree_day, end__gt=tree_day)


def _granted_units(actor: Actor, roles: frozenset[Role], on: date) -> dict[str, set[int]]:
    """{hierarchy: units over which the actor's position was granted one of the roles}, valid on the day."""
    grants = Grant.objects.filter(
        valid_on(on),
        valid_on(on, "position__holdings__"),
        position_id=actor.position_id,
        role__in=[role.value for role in roles],
        position__holdings__account_id=actor.account_id,
        position__holdings__account__is_active=True,
    )
    found: dict[str, set[int]] = defaultdict(set)
    for hierarchy, unit in grants.values_list("hierarchy_id", "unit_id"):
        found[hierarchy].add(unit)
    return found


def _predecessors(tops: set[int], hierarchy: str, on: date, since: date) -> set[int]:
    """Units that ended after `since` and became, in whole, units under the tops; their own predecessors too.

    One of which a part went elsewhere is nobody's whole predecessor: neither successor reads what it left.
    """
    under = Closure.objects.filter(hierarchy=hierarchy, ancestor__in=tops, start__lte=on, end__gt=on)
    ended = Lineage.objects.filter(on__gt=since, on__lte=on)
    shares: dict[int, dict[int, Fraction]] = {}
    made_of = ended.filter(successor__in=under.values("descendant"))
    while asked := set(made_of.values_list("predecessor_id", flat=True)) - shares.keys():
        for old, new, part, whole in Lineage.objects.filter(predecessor__in=asked).values_list(
            "predecessor_id", "successor_id", "numerator", "denominator"
        ):
            shares.setdefault(old, {})[new] = Fraction(part, whole)
        made_of = ended.filter(successor__in=asked)
    heirs = {new for parts in shares.values() for new in parts}
    reached = set(under.filter(descendant__in=heirs).values_list("descendant_id", flat=True))
    while more := {
        old
        for old, parts in shares.items()
        if old not in reached and parts.keys() <= reached and sum(parts.values()) == 1
    }:
        reached |= more
    return reached & shares.keys()


def may(actor: Actor, verb: str, unit_id: int, on: date, tree_day: date | None = None) -> bool:
    """Whether the actor may do the verb at the unit on the day.

    `tree_day` looks at the tree of another day than the rights: who leads the province today may read the figures of a
    district that was dissolved last year, and those of the provinces that hers was made of.
    """
    roles = roles_of(verb)  # an unknown verb is a fault, whoever asks
    if actor.is_system:
        return True
    if _looks_back(verb, on, tree_day):
        return _reached(actor, verb, on, tree_day).filter(descendant_id=unit_id).exists()
    return not roles.isdisjoint(_roles_at(actor, unit_id, on, tree_day or on))


def require(actor: Actor, verb: str, unit_id: int, on: date, tree_day: date | None = None) -> None:
    """Raise NotAllowed unless the actor may do the verb at the unit on the day."""
    if not may(actor, verb, unit_id, on, tree_day):
        raise NotAllowed()


def verbs_at(actor: Actor, verbs: Iterable[str], unit_id: int, on: date) -> set[str]:
    """Those of the verbs that the actor may do at the unit on the day, in one query; for verbs that write."""
    wanted = {verb: roles_of(verb) for verb in verbs}
    if actor.is_system:
        return set(wanted)
    held = _roles_at(actor, unit_id, on, on)
    return {verb for verb, roles in wanted.items() if held & roles}


def in_sight(actor: Actor, verb: str, unit_ids: Iterable[int], on: date, day: date) -> set[int]:
    """Those of the units that the actor may look at on the tree of today, of `day`, or of the last day they stood.

    An ended unit is looked at by whoever could on its last day: its page says what it became.
    """
    roles_of(verb)  # an unknown verb is a fault, whoever asks
    wanted = set(unit_ids)
    if actor.is_system:
        return wanted
    seen: set[int] = set()
    for tree_day, units in _trees(wanted, on, day):
        reached = _reached(actor, verb, on, tree_day).filter(descendant_id__in=units - seen)
        seen |= set(reached.values_list("descendant_id", flat=True))
        if seen == wanted:
            break
    return seen


def _trees(units: set[int], on: date, day: date) -> Iterator[tuple[date, set[int]]]:
    """Which tree may show which units: found out only as far as the trees before did not show them."""
    yield on, units
    if day != on:
        yield day, units
    ends = Snapshot.objects.filter(unit__in=units).values_list("unit_id").annotate(last=Max("end"))
    last_days: dict[date, set[int]] = defaultdict(set)
    for unit, end in ends:
        if end <= day:
            last_days[end - timedelta(days=1)].add(unit)
    yield from sorted(last_days.items(), reverse=True)


def units_where(actor: Actor, verb: str, on: date, tree_day: date | None = None) -> QuerySet[Any]:
    """Ids of the units where the actor may do the verb; a values queryset for `unit_id__in=`."""
    roles_of(verb)  # an unknown verb is a fault, whoever asks
    if actor.is_system:
        return Unit.objects.values("id")
    return _reached(actor, verb, on, tree_day).values("descendant_id")


def may_anywhere(actor: Actor, verb: str, on: date) -> bool:
    """Whether there is any unit at all where the actor may do the verb: what the menu shows."""
    return actor.is_system or verb in verbs_held(actor, on)


def own_units(actor: Actor, on: date) -> list[int]:
    """The actor's unit and, as long as that is an office, the unit it is an office of: Phòng VH-XH acts for its xã."""
    if actor.unit_id is None:
        return []
    found = [actor.unit_id]
    own = orgs.snapshot(actor.unit_id, on)
    family = own.kind.family if own else ""
    for above in orgs.ancestors(actor.unit_id, MANAGEMENT, on) if family == "office" else []:
        if family != "office":
            break
        found.append(above.unit_id)
        family = above.kind.family
    return found


def acts_for(actor: Actor, verb: str, on: date) -> list[int]:
    """In whose name the actor may do the verb: of their own units, the one their office belongs to first."""
    return [unit for unit in reversed(own_units(actor, on)) if may(actor, verb, unit, on)]


def verbs_held(actor: Actor, on: date) -> frozenset[str]:
    """All verbs the actor may do somewhere on the day, in one query; for menus and buttons, not for permission."""
    if actor.is_system:
        return frozenset(VERBS)
    held = set(
        Grant.objects.filter(
            valid_on(on),
            valid_on(on, "position__holdings__"),
            position_id=actor.position_id,
            position__holdings__account_id=actor.account_id,
            position__holdings__account__is_active=True,
        ).values_list("role", flat=True)
    )
    return frozenset(code for code, verb in VERBS.items() if held & {role.value for role in verb.roles})


def roles_held(position_id: int, on: date) -> list[Role]:
    """The roles of a position on a day, in the order of the table of roles."""
    held = set(Grant.objects.filter(valid_on(on), position_id=position_id).values_list("role", flat=True))
    return [role for role in Role if role.value in held]


# Who holds


def holders(unit_id: int, what: Role | str, on: date) -> QuerySet[Holding]:
    """Who holds a role, or a role that may do a verb, over exactly this unit on the day.

    The grant's unit decides, not where the position sits: a commune's checker may sit in one of its offices.
    """
    roles = frozenset([what]) if isinstance(what, Role) else roles_of(what)
    granted = Grant.objects.filter(
        valid_on(on), position_id=OuterRef("position_id"), unit_id=unit_id, role__in=[role.value for role in roles]
    )
    return (
        Holding.objects.filter(valid_on(on), Exists(granted), account__is_active=True)
        .select_related("account", "position", "acting_for")
        .order_by("position__rank", "position_id", "start", "id")
    )


def positions_with(unit_ids: list[int], what: Role | str, on: date) -> dict[int, list[int]]:
    """For each unit the ids of positions with a role (or verb) over exactly it, held or vacant; one query."""
    roles = frozenset([what]) if isinstance(what, Role) else roles_of(what)
    rows = (
        Grant.objects.filter(valid_on(on), unit_id__in=unit_ids, role__in=[role.value for role in roles])
        .order_by("position__rank", "position_id")
        .values_list("unit_id", "position_id")
    )
    found: dict[int, list[int]] = {unit: [] for unit in unit_ids}
    for unit, position in rows:
        if position not in found[unit]:
            found[unit].append(position)
    return found


def head(unit_id: int, on: date) -> Holding | None:
    """Who leads the unit on the day: the holder, or who acts for them."""
    return (
        Holding.objects.filter(valid_on(on), position__unit_id=unit_id, position__leads=True)
        .select_related("account", "position", "acting_for")
        .order_by("position__rank", "manner", "start")
        .first()
    )
