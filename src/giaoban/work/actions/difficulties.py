"""Verbs on difficulties: noted with cause and measure, counted when said again, closed by a task or an answer."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import fold, nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.people import queries as people
from giaoban.work import refusals
from giaoban.work.actions.meeting_rules import required
from giaoban.work.actions.tasks import NewTask, assign
from giaoban.work.models import Contribution, Difficulty, Meeting, Saying, Task


def note(
    *,
    by: Actor,
    at: datetime,
    host_id: int,
    unit_id: int,
    text: str,
    kind: str = "DIFFICULTY",
    cause: str = "",
    measure: str = "",
    meeting: Meeting | None = None,
    contribution: Contribution | None = None,
    same_as: Difficulty | None = None,
) -> Difficulty:
    """A unit has a difficulty. The same words of the same unit, or one chosen by hand, are the one said before."""
    with writing(by=by, at=at, verb="difficulty.note", unit_id=host_id) as entry:
        _require(by, at, host_id)
        words = required(text, "text")
        if contribution is not None and Saying.objects.filter(contribution=contribution).exists():
            raise refusals.DifficultyNoted()
        folded = key(words)
        open_ones = Difficulty.objects.select_for_update().filter(host_id=host_id, closed_at__isnull=True)
        if same_as is not None:
            found = open_ones.filter(pk=same_as.pk).first()
            if found is None:
                raise refusals.DifficultyClosed()
        else:
            found = open_ones.filter(unit_id=unit_id, fold=folded).first()
        if found is None:
            found = Difficulty.objects.create(
                kind=Difficulty.Kind(kind).value, host_id=host_id, unit_id=unit_id, text=words, fold=folded
            )
        found.cause = nfc(cause).strip() or found.cause
        found.measure = nfc(measure).strip() or found.measure
        found.save(update_fields=["cause", "measure"])
        Saying.objects.create(
            difficulty=found,
            meeting=meeting or (contribution.meeting if contribution else None),
            contribution=contribution,
            unit_id=unit_id,
            text=words,
            at=at,
            by=_who(by),
        )
        entry.subject = found
        entry.data.update(unit=unit_id, times=found.sayings.count())
    return found


def note_said(
    *,
    by: Actor,
    at: datetime,
    contribution: Contribution,
    kind: str = "DIFFICULTY",
    cause: str = "",
    measure: str = "",
    same_as: Difficulty | None = None,
) -> Difficulty:
    """What a unit said in a meeting is a difficulty for its host to deal with."""
    if contribution.unit_id is None:
        raise refusals.NoUnitSpoke()
    return note(
        by=by,
        at=at,
        host_id=contribution.meeting.unit_id,
        unit_id=contribution.unit_id,
        text=contribution.text,
        kind=kind,
        cause=cause,
        measure=measure,
        contribution=contribution,
        same_as=same_as,
    )


def close(
    *,
    by: Actor,
    at: datetime,
    difficulty: Difficulty,
    answer: str = "",
    new: NewTask | None = None,
    task: Task | None = None,
) -> Difficulty:
    """An answer or a task deals with it; a new task is given in the same step. The unit that has it is told."""
    with writing(by=by, at=at, verb="difficulty.close", subject=difficulty, unit_id=difficulty.host_id) as entry:
        _require(by, at, difficulty.host_id)
        difficulty = Difficulty.objects.select_for_update().get(pk=difficulty.pk)
        if difficulty.closed_at is not None:
            raise refusals.DifficultyClosed()
        words = nfc(answer).strip()
        if new is not None:
            task = assign(by=by, at=at, unit_id=difficulty.host_id, task=new)
        if task is None and not words:
            raise refusals.ClosedByNothing()
        if task is not None and task.assigned_by_id != difficulty.host_id:
            raise NotAllowed()
        difficulty.answer, difficulty.task = words, task
        difficulty.closed_at, difficulty.closed_by = at, _who(by)
        difficulty.save(update_fields=["answer", "task", "closed_at", "closed_by"])
        entry.data["task"] = task.pk if task else None
        notices.send(
            by=by,
            at=at,
            to_unit=difficulty.unit_id,
            verb_of_receiver="task.report",
            subject=f"Giải quyết khó khăn: {difficulty}",
            body=words or (task.title if task else ""),
            link=difficulty.get_absolute_url(),
        )
    return difficulty


def key(text: str) -> str:
    """The words alone, without marks, case or punctuation."""
    letters = "".join(each if each.isalnum() else " " for each in fold(text))
    return " ".join(letters.split())[:500]


def _require(by: Actor, at: datetime, host_id: int) -> None:
    """Who runs the host's meetings."""
    if not people.may(by, "meeting.plan", host_id, timezone.localdate(at)):
        raise NotAllowed()


def _who(by: Actor) -> str:
    return (f"{by.name}, {by.title}" if by.title else by.name)[:200]
