"""The decision list: each question is answered once, by one choice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from giaoban.core.refusal import NotAllowed
from giaoban.documents import following as documents
from giaoban.indicators.actions import following as indicators
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import actions as orgs
from giaoban.orgs import queries as org_queries
from giaoban.people.actions import following as people
from giaoban.people.models import Position
from giaoban.reforms import refusals
from giaoban.reforms.actions.drafting import require, who
from giaoban.reforms.asking import ALL, NOBODY
from giaoban.reforms.models import Kind, Question, Reform, State
from giaoban.work.actions import following as work

Record = dict[str, Any]


def answer(*, by: Actor, at: datetime, question: Question, answer: str) -> Question:
    """Decide one thing that was left open; its rows pass on accordingly."""
    reform = question.reform
    with writing(by=by, at=at, verb="reform.answer", subject=reform, unit_id=question.unit_id) as entry:
        require(by, reform, at)
        reform = Reform.objects.select_for_update().get(pk=reform.pk)
        found = Question.objects.select_for_update().get(pk=question.pk)
        if reform.state != State.APPLIED:
            raise NotAllowed()
        if found.answered_at is not None:
            raise refusals.AnsweredAlready(who=found.answered_by, answer=found.chosen)
        if answer not in {value for value, _ in found.choices}:
            raise refusals.UnknownAnswer()
        found.record = {} if answer == NOBODY else ANSWERS[Kind(found.kind)](by, at, reform, found, answer)
        found.answer, found.answered_at, found.answered_by = answer, at, who(by)
        found.save()
        entry.data |= {"question": found.label, "answer": found.chosen}
    return found


def _child(by: Actor, at: datetime, reform: Reform, found: Question, answer: str) -> Record:
    """The unit goes under the part chosen in every hierarchy in which it waits for a place."""
    unit, parent, change = org_queries.unit(found.unit_id), int(answer), reform.change
    assert change is not None
    for child, hierarchy, candidates in list(change.unplaced):
        if child == unit.pk and parent in candidates:
            orgs.place(by=by, at=at, change=change, unit=unit.pk, hierarchy=hierarchy, parent=parent)
            change.refresh_from_db()
    return {}


def _ended(reform: Reform) -> dict[int, str | None]:
    """The ends that holdings had before their units ended."""
    return {key: end for record in reform.records["people"] for key, end in record["holdings_ended"]}


def _leader(by: Actor, at: datetime, reform: Reform, found: Question, answer: str) -> Record:
    seat = Position.objects.get(pk=found.objects_of[0])
    made = {key for record in reform.records["people"] for key in record["positions"]}
    common: dict[str, Any] = {"by": by, "at": at, "on": reform.on, "ended": _ended(reform), "made": made}
    return {"people": people.seat_head(**common, seat=seat, holding=int(answer))}


def _seat(by: Actor, at: datetime, reform: Reform, found: Question, answer: str) -> Record:
    position = Position.objects.get(pk=found.objects_of[0])
    common: dict[str, Any] = {"by": by, "at": at, "on": reform.on, "ended": _ended(reform)}
    return {"people": people.seat_in_part(**common, position=position, unit=int(answer))}


def _grant(by: Actor, at: datetime, reform: Reform, found: Question, answer: str) -> Record:
    position = Position.objects.get(pk=found.objects_of[0])
    chosen = [int(value) for value, _ in found.choices if value not in (ALL, NOBODY) and answer in (ALL, value)]
    common: dict[str, Any] = {"by": by, "at": at, "on": reform.on, "old": found.unit_id}
    return {"people": people.grant_over_parts(**common, position=position, units=chosen)}


def _report(by: Actor, at: datetime, reform: Reform, found: Question, answer: str) -> Record:
    common: dict[str, Any] = {"by": by, "at": at, "on": reform.on}
    return {"indicators": indicators.give_duty(**common, report_ids=found.objects_of, unit_id=int(answer))}


def _task(by: Actor, at: datetime, reform: Reform, found: Question, answer: str) -> Record:
    common: dict[str, Any] = {"by": by, "at": at, "on": reform.on, "old": found.unit_id}
    return {"work": work.pass_on(**common, task_ids=found.objects_of, unit_id=int(answer))}


def _meeting(by: Actor, at: datetime, reform: Reform, found: Question, answer: str) -> Record:
    common: dict[str, Any] = {"by": by, "at": at, "on": reform.on}
    return {"work": work.pass_meetings_on(**common, meeting_ids=found.objects_of, unit_id=int(answer))}


def _document(by: Actor, at: datetime, reform: Reform, found: Question, answer: str) -> Record:
    common: dict[str, Any] = {"by": by, "at": at, "on": reform.on}
    return {"documents": documents.send_on(**common, sent_ids=found.objects_of, unit_id=int(answer))}


ANSWERS: dict[Kind, Callable[[Actor, datetime, Reform, Question, str], Record]] = {
    Kind.CHILD: _child,
    Kind.LEADER: _leader,
    Kind.SEAT: _seat,
    Kind.GRANT: _grant,
    Kind.REPORT: _report,
    Kind.TASK: _task,
    Kind.MEETING: _meeting,
    Kind.DOCUMENT: _document,
}
