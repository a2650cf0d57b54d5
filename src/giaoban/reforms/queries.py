"""Questions about reforms; each takes who asks, and what they may not see is not found."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import Actor
from giaoban.orgs.models import COUNTRY_ID, Lineage
from giaoban.people import queries as people
from giaoban.people.models import Grant
from giaoban.people.roles import roles_of
from giaoban.reforms.models import Question, Reform

MANAGE = "unit.manage"


def owner(actor: Actor, on: date) -> int:
    """For whose units the actor prepares reforms: the unit their right to manage units is over."""
    if actor.is_system:
        return COUNTRY_ID
    roles = [role.value for role in roles_of(MANAGE)]
    grants = Grant.objects.filter(people.valid_on(on), position=actor.position_id, role__in=roles)
    for unit in grants.order_by("start", "pk").values_list("unit_id", flat=True):
        if people.may(actor, MANAGE, unit, on):
            return unit
    raise NotAllowed()


def may_reform(actor: Actor, on: date) -> bool:
    return people.may_anywhere(actor, MANAGE, on)


def reforms_for(actor: Actor, on: date) -> QuerySet[Reform]:
    """Reforms of units the actor manages, or of units that became those."""
    if actor.is_system:
        return Reform.objects.all()
    units = people.units_where(actor, MANAGE, on)
    became = Lineage.objects.filter(predecessor=OuterRef("unit_id"), successor__in=units, basis=Lineage.WHOLE)
    return Reform.objects.filter(Q(unit__in=units) | Exists(became))


def listed(actor: Actor, on: date) -> QuerySet[Reform]:
    """For the list: with how many decisions are open."""
    open_ones = Count("questions", filter=Q(questions__answered_at__isnull=True))
    return reforms_for(actor, on).annotate(open_questions=open_ones).order_by("-on", "-pk")


def undecided(actor: Actor, on: date) -> QuerySet[Reform]:
    """Applied ones that leave something to decide; those in force the longest first."""
    return listed(actor, on).filter(state="applied", open_questions__gt=0).order_by("on", "pk")


def reform(actor: Actor, reform_id: int, on: date) -> Reform:
    """One reform; Reform.DoesNotExist when it is not there or not for this actor."""
    return reforms_for(actor, on).select_related("change").get(pk=reform_id)


def question(actor: Actor, reform_id: int, question_id: int, on: date) -> Question:
    """One question of a reform the actor may see."""
    return Question.objects.select_related("reform").get(
        pk=question_id, reform=reform_id, reform__in=reforms_for(actor, on)
    )


def open_questions(found: Reform) -> QuerySet[Question]:
    return found.questions.filter(answered_at__isnull=True)


def to_follow(on: date) -> QuerySet[Reform]:
    """Applied for a day that has come, of which open work has not passed on yet."""
    return Reform.objects.filter(state="applied", followed_at__isnull=True, on__lte=on).order_by("on", "pk")
