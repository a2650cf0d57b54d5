"""Take in one batch of cells typed in a browser, with or without a line: once, and nothing overwritten unseen.

The browser gives each batch a key and sends it until it is answered; whatever was answered first is answered again.
Each cell says what the page showed before (`was`): where somebody else has typed meanwhile the cell stays out, told
three ways (mine, theirs, before, with who and when), and the person chooses. A bad number keeps only its own cell out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.timezone import localtime

from giaoban.core.refusal import Invalid, Refused
from giaoban.core.text import nfc
from giaoban.indicators import refusals
from giaoban.indicators.actions import entry as typing
from giaoban.indicators.models import Report, Sending, SheetLine
from giaoban.indicators.queries import reports
from giaoban.indicators.queries.findings import shown
from giaoban.indicators.queries.reports import Held
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.refusals import sentences

REMEMBERED = timedelta(days=60)  # after that a batch sent again is compared cell by cell like a new one


@dataclass(frozen=True)
class Sent:
    """One cell of a batch, as text. None leaves a part as it is; `was`, `was_note` are what the page started from."""

    text: str | None = None
    note: str | None = None
    was: str = ""
    was_note: str = ""


def send(
    *,
    by: Actor,
    at: datetime,
    on: date,
    report_id: int,
    key: str,
    values: Mapping[int, Sent],
    submit: bool = False,
    seen: int | None = None,
) -> dict[str, Any]:
    """{kept: {cell: {text, note}}, refused: {cell: sentence}, conflicts: {cell: …}, seen: version, submitted: bool}.

    A conflict is {mine, theirs, before, who, at}, each of the three {text, note}. With `submit` the report is handed in
    when every cell was kept and, if `seen` is given, nobody had typed since that version; `faults` say why it was not.
    """
    with writing(by=by, at=at, verb="report.type") as entry:
        report = typing.locked_report(report_id, for_update=True)
        entry.unit_id = report.unit_id
        people.require(by, "figure.type", report.answering_id, on)
        answered = _answered(key, report, by)
        if answered is not None:
            entry.skip = True
            return answered
        typing.check_open(report, on)
        if submit and seen is not None and seen != report.draft_version:
            raise refusals.ChangedSinceShown(unit=orgs.name(report.unit_id, on))
        outcome, changed = _take(report, values, by, at)
        entry.skip = not changed
        entry.data |= {"report": report.pk, "cells": changed}
        if submit and not (outcome["refused"] or outcome["conflicts"]):
            outcome |= _hand_in(by, at, on, report_id)
        outcome["seen"] = Report.objects.values_list("draft_version", flat=True).get(pk=report_id)
        Sending.objects.filter(report=report, at__lt=at - REMEMBERED).delete()
        Sending.objects.create(key=key, report=report, at=at, account_id=by.account_id, outcome=outcome)
    return outcome


def _hand_in(by: Actor, at: datetime, on: date, report_id: int) -> dict[str, Any]:
    """Hand in what was kept; a refusal leaves it kept, and is told by field."""
    try:
        typing.submit(by=by, at=at, on=on, report_id=report_id)
    except Refused as refused:
        faults = refused.faults if isinstance(refused, Invalid) else [refused]
        return {"faults": {fault.field or "": " ".join(sentences(fault)) for fault in faults}}
    return {"submitted": True}


def _answered(key: str, report: Report, by: Actor) -> dict[str, Any] | None:
    """What this batch was answered before. A key belongs to the report and the account that first used it."""
    found = Sending.objects.filter(pk=key).first()
    if found is None:
        return None
    if found.report_id != report.pk or found.account_id != by.account_id:
        raise refusals.KeyOfAnother()
    return found.outcome


def _take(report: Report, values: Mapping[int, Sent], by: Actor, at: datetime) -> tuple[dict[str, Any], list[int]]:
    """Store what can be stored; what became of every cell, and which changed."""
    lines = {row.cell_id: row for row in reports.asked(report) if row.owns}
    held = reports.held(report, locked=True)
    outcome: dict[str, Any] = {"kept": {}, "refused": {}, "conflicts": {}, "submitted": False}
    wanted: dict[int, tuple[int | None, str]] = {}
    for cell, sent in values.items():
        try:
            wanted[cell] = _one(lines.get(cell), cell, held, sent)
        except _Conflict as conflict:
            outcome["conflicts"][str(cell)] = conflict.told
        except Refused as refused:
            outcome["refused"][str(cell)] = " ".join(sentences(refused))
    changed = typing._keep(report, held, wanted, by, at)
    if changed:
        typing._touch(report, F("draft_version") + 1)
    for cell, (value, note) in wanted.items():
        outcome["kept"][str(cell)] = _said(lines[cell], value, note)
    return outcome, changed


class _Conflict(Exception):
    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__()
        self.told = told


def _one(line: SheetLine | None, cell: int, held: Held, sent: Sent) -> tuple[int | None, str]:
    """What the cell shall hold: each part of it as typed, unless somebody else has changed that part since."""
    if line is None:
        raise refusals.NotAsked(cell=cell, field=typing.field_of(cell))
    stands = (held.value(cell), held.note(cell))
    value = stands[0] if sent.text is None else typing.parse_cell(line, sent.text)
    note = stands[1] if sent.note is None else nfc(sent.note).strip()
    before = (_shown_before(line, sent.was), nfc(sent.was_note).strip())
    parts = zip((value, note), stands, before, strict=True)
    if any(mine != theirs and theirs != was for mine, theirs, was in parts):
        raise _Conflict(_three_ways(line, held, (value, note), stands, before))
    return value, note


def _shown_before(line: SheetLine, text: str) -> int | object | None:
    """What the page showed; a text that is no number equals nothing that stands, so the person is asked."""
    try:
        return typing.parse_cell(line, text)
    except Refused:
        return text


def _three_ways(
    line: SheetLine, held: Held, mine: tuple[Any, str], theirs: tuple[int | None, str], before: tuple[Any, str]
) -> dict[str, Any]:
    draft, standing = held.drafts.get(line.cell_id), held.standings.get(line.cell_id)
    last = draft or (standing.current.submission if standing else None)
    return {
        "mine": _said(line, *mine),
        "theirs": _said(line, *theirs),
        "before": _said(line, *before),
        "who": last.actor_name if last else "",
        "at": f"{localtime(last.at):%H:%M %d/%m/%Y}" if last else "",
    }


def _said(line: SheetLine, value: Any, note: str) -> dict[str, str]:
    text = "" if value is None else shown(value, line.cell.element.scale) if isinstance(value, int) else str(value)
    return {"text": text, "note": note}


def read_values(given: Any) -> dict[int, Sent]:
    """The cells of a batch as it came over the line; `BadSending` when it is no batch."""
    if not isinstance(given, dict):
        raise refusals.BadSending()
    return dict(_read(name, parts) for name, parts in given.items())


def _read(name: Any, parts: Any) -> tuple[int, Sent]:
    known = {"text", "note", "was", "was_note"}
    if not (isinstance(name, str) and name.isdecimal() and len(name) < 18 and isinstance(parts, dict)):
        raise refusals.BadSending()
    if not set(parts) <= known or not all(_is_text(part) for part in parts.values()):
        raise refusals.BadSending()
    return int(name), Sent(**parts)


def _is_text(part: Any) -> bool:
    return isinstance(part, str) and len(part) <= 2000 and "\x00" not in part
