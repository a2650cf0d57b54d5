"""From a text to its marks: one pass of each idea, then every place led back to the text as it was given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from giaoban.reading import citations, figures, flags, layout, meetings, people, tasks
from giaoban.reading.marks import Citation, Figure, Mark, Meeting, Part, Reading, Task
from giaoban.reading.spans import Spans
from giaoban.reading.view import View


def read_marks(text: str) -> Reading:
    """All marks of a text, with places in it."""
    view = View(text)
    page = layout.lay_out(view)
    cited = citations.find(page)
    spans = [(mark.start, mark.end) for mark in cited]
    named = people.find(view)
    signatures = ((block.start, block.end) for block in page.blocks if block.kind == layout.SIGNATURE)
    signed = [one for one in people.signers(view, signatures) if all(one.end != other.end for other in named)]
    meeting = meetings.find(page, named, Spans(spans))
    work = tasks.find(page, spans)
    times = [(time.start, time.end) for time in page.times]
    measured = figures.find(page, [*spans, *times, *work.law])
    contradictions = flags.find(page, meeting, measured, cited, work.deadlines)
    return Reading(
        text,
        None if meeting is None else _placed(view, meeting),
        [_placed(view, mark) for mark in cited],
        [_placed(view, mark) for mark in measured],
        [_placed(view, mark) for mark in work.tasks],
        [_placed(view, mark) for mark in contradictions],
        [_placed(view, mark) for mark in sorted({*named, *signed}, key=lambda mark: (mark.start, mark.end))],
    )


def _placed(view: View, mark: Any) -> Any:
    start, end = view.span(mark.start, mark.end)
    if getattr(mark, "parts", ()):
        mark = replace(mark, parts=tuple(_placed(view, part) for part in mark.parts))
    return replace(mark, start=start, end=end)


def in_order(found: Reading) -> list[Mark]:
    """All marks of a document by where they begin; the longer first, so that shorter ones lie inside."""
    every = [Mark("citation", mark.start, mark.end, mark) for mark in found.citations]
    every += [Mark("figure", mark.start, mark.end, mark) for mark in found.figures]
    every += [Mark("task", mark.start, mark.end, mark) for mark in found.tasks]
    every += [Mark("flag", mark.start, mark.end, mark) for mark in found.flags]
    if found.meeting is not None:
        every.append(Mark("meeting", found.meeting.start, found.meeting.end, found.meeting))
    return sorted(every, key=lambda mark: (mark.start, -mark.end, mark.kind))


def as_json(found: Reading) -> dict[str, Any]:
    """The plain object of docs/explanation/reading.md, with `why` and `confidence` beside each mark."""
    text = found.text
    return {
        "meeting": None if found.meeting is None else _meeting(found.meeting),
        "citations": [_citation(text, mark) for mark in found.citations],
        "figures": [_figure(text, mark) for mark in found.figures],
        "tasks": [_task(text, mark) for mark in found.tasks],
        "flags": [{**_place(text, mark), "kind": mark.kind, **_reason(mark)} for mark in found.flags],
        "people": [
            {**_place(text, mark), "name": mark.name, "title": mark.title, **_reason(mark)} for mark in found.people
        ],
    }


def _place(text: str, mark: Any) -> dict[str, Any]:
    return {"text": text[mark.start : mark.end], "start": mark.start, "end": mark.end}


def _reason(mark: Any) -> dict[str, Any]:
    return {"why": mark.why, "confidence": mark.confidence}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _meeting(mark: Meeting) -> dict[str, Any]:
    days = [day.isoformat() for day in mark.dates]
    return {"kind": mark.kind, "dates": days, "chairs": list(mark.chairs), **_reason(mark)}


def _citation(text: str, mark: Citation) -> dict[str, Any]:
    named = {"number": mark.number, "date": _day(mark.date), "key": mark.key}
    return {**_place(text, mark), **named, **_reason(mark)}


def _figure(text: str, mark: Figure) -> dict[str, Any]:
    ratio = {"numerator": mark.numerator, "denominator": mark.denominator} if mark.denominator else {}
    moved = {"against": mark.change.against, "value": mark.change.value} if mark.change else None
    return {**_place(text, mark), "value": mark.value, "unit": mark.unit, **ratio, "change": moved, **_reason(mark)}


def _task(text: str, mark: Task) -> dict[str, Any]:
    roles = {"assignees": list(mark.assignees), "coordinators": list(mark.coordinators)}
    when = {"due_text": mark.due_text, "due": _day(mark.due)}
    more = {"deliverable": mark.deliverable, "leader": mark.leader, "parts": [_part(text, part) for part in mark.parts]}
    return {**_place(text, mark), **roles, **when, **more, **_reason(mark)}


def _part(text: str, part: Part) -> dict[str, Any]:
    roles = {"assignees": list(part.assignees), "coordinators": list(part.coordinators)}
    return {**_place(text, part), **roles, "due_text": part.due_text, "due": _day(part.due)}
