"""Where the rights of people plug in.

Who may do what is known one storey up, in `people`, which orgs must not import. So `people` installs its answer here
when the program starts (`people.apps`). Until then nothing is allowed to anybody but SYSTEM: the plug fails closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import wraps
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import Actor
from giaoban.orgs.derived import parts

View = Callable[..., HttpResponse]


class Require(Protocol):
    """Raises NotAllowed unless the actor may do the verb at the unit; the tree is looked at on `tree_day`."""

    def __call__(self, actor: Actor, verb: str, unit_id: int, on: date, tree_day: date | None = None) -> None: ...


class Where(Protocol):
    """The closure rows, as a query, of the units where the actor may do the verb; the tree is that of `tree_day`."""

    def __call__(self, actor: Actor, verb: str, on: date, tree_day: date | None = None) -> QuerySet[Any]: ...


class _Plug:
    require: Require | None = None
    where: Where | None = None
    guard: Callable[[View], View] | None = None


def install(*, require: Require, where: Where, guard: Callable[[View], View]) -> None:
    """Called once by `people`: its `require` and `units_where`, and the decorator before views of signed-in rooms."""
    _Plug.require = staticmethod(require)
    _Plug.where = staticmethod(where)
    _Plug.guard = staticmethod(guard)


def require(by: Actor, verb: str, unit_id: int, *, at: datetime, on: date) -> None:
    """The right must hold on the day of the act; the tree is that of the day the change takes effect."""
    if by.is_system:
        return
    if _Plug.require is None:
        raise NotAllowed()
    _Plug.require(by, verb, unit_id, timezone.localdate(at), tree_day=on)


def require_all(by: Actor, verb: str, unit_ids: Iterable[int], *, at: datetime, on: date) -> None:
    """`require` for many units, in as few statements as their number allows."""
    if by.is_system:
        return
    if _Plug.where is None:
        raise NotAllowed()
    reached = _Plug.where(by, verb, timezone.localdate(at), tree_day=on)
    for part in parts(set(unit_ids)):
        if set(part) - set(reached.filter(descendant__in=part).values_list("descendant", flat=True)):
            raise NotAllowed()


def may(by: Actor, verb: str, unit_id: int, *, at: datetime, on: date) -> bool:
    """Whether to show a button; the verb itself asks again."""
    try:
        require(by, verb, unit_id, at=at, on=on)
    except NotAllowed:
        return False
    return True


def signed_in(view: View) -> View:
    """The guard that `people` installed, looked up when the view is called."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _Plug.guard is None:
            raise NotAllowed()
        return _Plug.guard(view)(request, *args, **kwargs)

    guarded.guard = "signed_in"  # type: ignore[attr-defined]
    return guarded
