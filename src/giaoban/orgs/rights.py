"""Where the rights of people plug in.

Who may do what is known one storey up, in `people`, which orgs must not import. So `people` installs its answer here
when the program starts (`people.apps`). Until then nothing is allowed to anybody but SYSTEM: the plug fails closed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import Actor

View = Callable[..., HttpResponse]


class Require(Protocol):
    """Raises NotAllowed unless the actor may do the verb at the unit; the tree is looked at on `tree_day`."""

    def __call__(self, actor: Actor, verb: str, unit_id: int, on: date, tree_day: date | None = None) -> None: ...


class _Plug:
    require: Require | None = None
    guard: Callable[[View], View] | None = None


def install(*, require: Require, guard: Callable[[View], View]) -> None:
    """Called once by `people`: its `require`, and the decorator it puts before views of signed-in rooms."""
    _Plug.require = staticmethod(require)  # type: ignore[assignment]
    _Plug.guard = staticmethod(guard)  # type: ignore[assignment]


def require(by: Actor, verb: str, unit_id: int, *, at: datetime, on: date) -> None:
    """The right must hold on the day of the act; the tree is that of the day the change takes effect."""
    if by.is_system:
        return
    if _Plug.require is None:
        raise NotAllowed()
    _Plug.require(by, verb, unit_id, timezone.localdate(at), tree_day=on)


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
