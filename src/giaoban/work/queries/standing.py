"""The four states in the language of the database; tests hold them equal to `states.state`."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from giaoban.work import limits
from giaoban.work.states import State


def done(on: date) -> Q:
    return Q(completed_on__lte=on)


def is_open(on: date) -> Q:
    return Q(completed_on__isnull=True) | Q(completed_on__gt=on)


def in_state(state: State, on: date) -> Q:
    """Tasks in a state on a day."""
    return {
        State.DONE_ON_TIME: Q(completed_on__lte=F("due_on")) & done(on),
        State.DONE_LATE: Q(completed_on__gt=F("due_on")) & done(on),
        State.OPEN_IN_TERM: Q(due_on__gte=on) & is_open(on),
        State.OPEN_OVERDUE: Q(due_on__lt=on) & is_open(on),
        State.NO_DEADLINE: Q(due_on__isnull=True),
    }[state]


def soon(on: date) -> Q:
    """The warning "sắp đến hạn" inside OPEN_IN_TERM."""
    last = date.fromordinal(on.toordinal() + limits.warning_days())
    return in_state(State.OPEN_IN_TERM, on) & Q(due_on__lte=last)


def counted(on: date) -> Q:
    """What counts on a day: it binds, is no whole made of parts, and is not called off."""
    return Q(has_parts=False, binds_on__lte=on) & (Q(called_off_at__isnull=True) | Q(called_off_at__date__gt=on))


def overdue_by(bucket: int, on: date) -> Q:
    """Open and so many days late: 0 = 1 to the first bound of `limits.overdue_bounds`, …, the last = more than all."""
    bounds = limits.overdue_bounds()
    low = (0, *bounds)[bucket]
    inside = in_state(State.OPEN_OVERDUE, on) & Q(due_on__lt=date.fromordinal(on.toordinal() - low))
    if bucket < len(bounds):
        inside &= Q(due_on__gte=date.fromordinal(on.toordinal() - bounds[bucket]))
    return inside
