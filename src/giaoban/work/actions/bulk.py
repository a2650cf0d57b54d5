"""One verb on several tasks: each in its own transaction, so that one refusal takes nothing from the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from giaoban.core.refusal import Refused
from giaoban.journal.actor import Actor
from giaoban.work import refusals_boards
from giaoban.work.actions.tasks import call_off, confirm, decide_extension, remind, send_back, take_up
from giaoban.work.models import Task
from giaoban.work.queries.tasks import open_extension, visible_tasks

MOST = 200
Verb = Callable[[Actor, datetime, Task, Mapping[str, Any]], object]


@dataclass(frozen=True)
class Outcome:
    """What became of one task: done, or why not."""

    task: Task
    refused: Refused | None = None

    @property
    def done(self) -> bool:
        return self.refused is None


def _grant(by: Actor, at: datetime, task: Task, said: Mapping[str, Any]) -> object:
    """Until the day chosen for all, or the day that each asked for."""
    asked = open_extension(task)
    if asked is None:
        raise refusals_boards.NotAsked()
    to_on: date | None = said.get("to_on")
    return decide_extension(by=by, at=at, extension=asked, granted=True, answer=said.get("text", ""), to_on=to_on)


VERBS: dict[str, Verb] = {
    "remind": lambda by, at, task, said: remind(by=by, at=at, task=task, text=said.get("text", "")),
    "confirm": lambda by, at, task, said: confirm(by=by, at=at, task=task, text=said.get("text", "")),
    "send_back": lambda by, at, task, said: send_back(by=by, at=at, task=task, reason=said.get("reason", "")),
    "extend": _grant,
    "hand": lambda by, at, task, said: take_up(by=by, at=at, task=task, officer_id=said["officer_id"]),
    "call_off": lambda by, at, task, said: call_off(by=by, at=at, task=task, reason=said.get("reason", "")),
}


def do_to_many(*, by: Actor, at: datetime, verb: str, task_ids: Iterable[int], **said: Any) -> list[Outcome]:
    """Do the verb to each task in the order given, with the rights of each; what fails says why, and the rest stands.

    A task the actor does not see is none: it is neither done nor named.
    """
    wanted = list(dict.fromkeys(task_ids))
    if not wanted:
        raise refusals_boards.NothingTicked()
    if len(wanted) > MOST:
        raise refusals_boards.TooManyTicked(most=MOST, count=len(wanted))
    found = visible_tasks(by, timezone.localdate(at)).in_bulk(wanted)
    return [_one(by, at, verb, found[key], said) for key in wanted if key in found]


def _one(by: Actor, at: datetime, verb: str, task: Task, said: Mapping[str, Any]) -> Outcome:
    try:
        VERBS[verb](by, at, task, said)
    except Refused as refused:
        return Outcome(task, refused)
    return Outcome(task)
