"""Which work has which name, and what the rooms above tell this one: the clock, and who acts.

    @registry.job("workbooks.read")
    def read(run: Run) -> dict | None: ...

in a room's `jobs.py`, imported by its `apps.py`. A handler may be killed at any moment and is then started again with
what it remembered (`Run.remember`); what it did since must be safe to do twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM, Actor

if TYPE_CHECKING:
    from giaoban.jobs.working import Run

Handler = Callable[["Run"], dict[str, Any] | None]
_handlers: dict[str, Handler] = {}


def job(name: str) -> Callable[[Handler], Handler]:
    """Let the decorated function do the jobs of this name."""

    def keep(handler: Handler) -> Handler:
        known = _handlers.setdefault(name, handler)
        if known is not handler and known.__qualname__ != handler.__qualname__:
            raise ValueError(f"two handlers for the job {name}")
        _handlers[name] = handler
        return handler

    return keep


_regular: list[Callable[[], None]] = []


def regularly(function: Callable[[], None]) -> Callable[[], None]:
    """Let the worker call the decorated function about every minute: short, and harmless however often it is called."""
    if function.__qualname__ not in [each.__qualname__ for each in _regular]:
        _regular.append(function)
    return function


def regular() -> list[Callable[[], None]]:
    return list(_regular)


def knows(name: str) -> bool:
    return name in _handlers


def handler(name: str) -> Handler:
    return _handlers[name]


class _Plug:
    clock: Callable[[], datetime] = staticmethod(timezone.now)
    actor: Callable[[int, int | None, date], Actor] | None = None


def install(*, clock: Callable[[], datetime], actor: Callable[[int, int | None, date], Actor]) -> None:
    """Called once by `people`: the time of the day that holds here, and who an account in a position is on a day."""
    _Plug.clock = staticmethod(clock)
    _Plug.actor = staticmethod(actor)


def clock() -> datetime:
    return _Plug.clock()


def actor(account_id: int | None, position_id: int | None, on: date) -> Actor:
    """Who a job is done for, as of now: whoever has left the position meanwhile is refused."""
    if account_id is None:
        return SYSTEM
    if _Plug.actor is None:
        raise NotAllowed()
    return _Plug.actor(account_id, position_id, on)
