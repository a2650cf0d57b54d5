"""Open a quick round, answer it, remind, close, ask it again the next day."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from giaoban.core import calendar
from giaoban.core.text import nfc, slug
from giaoban.indicators import actions as figures
from giaoban.indicators.actions import LineSpec, StepSpec
from giaoban.indicators.models import Cell, Report, Sheet, SheetLine, Submission
from giaoban.journal.actions import writing
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.quick import queries, refusals
from giaoban.quick.models import LinkAnswer, QuickQuestion, QuickRound
from giaoban.quick.shipped import Asked

GROUP = "Hỏi nhanh"
MOST = 5
LONGEST = 72
OFTEN, WHILE = 6, timedelta(minutes=10)  # answers through one link in so much time


def open_quick(
    *,
    by: Actor,
    at: datetime,
    on: date,
    opener_id: int,
    title: str,
    questions: Sequence[Asked],
    unit_ids: Sequence[int],
    hours: int,
    note: str = "",
    by_link: bool = False,
    repeat_until: date | None = None,
    template: str = "",
    repeats: QuickRound | None = None,
) -> QuickRound:
    """Ask these units one to five questions, due in hours. What they hand in counts at once."""
    with writing(by=by, at=at, verb="quick.open", unit_id=opener_id) as entry:
        people.require(by, "round.open", opener_id, on)
        asked = [one for one in questions if one.text.strip()]
        if not 1 <= len(asked) <= MOST:
            raise refusals.NoQuestions()
        if not title.strip():
            raise refusals.NoTitle()
        if not 1 <= hours <= LONGEST:
            raise refusals.BadHours()
        if not unit_ids:
            raise refusals.NobodyAsked()
        closes = at + timedelta(hours=hours)
        cells = [_cell(one, at) for one in asked]
        sheet = _sheet(nfc(title).strip(), cells, asked, at)
        due = localtime(closes)
        made = figures.open_round(
            by=by,
            at=at,
            on=on,
            sheet=sheet.pk,
            period_code=f"{on.isoformat()}..{on.isoformat()}",
            opener_id=opener_id,
            hierarchy=queries.hierarchy_of(opener_id, unit_ids, on),
            due_on=due.date(),
            due_time=due.time().replace(second=0, microsecond=0),
            steps=[StepSpec(_("Counts as soon as it is answered"), "opener", due.date())],
            kinds=[],
            unit_ids=list(unit_ids),
            note=note.strip(),
            counts_at_once=True,
        )
        quick = QuickRound.objects.create(
            round=made, title=nfc(title).strip()[:200], note=note.strip(), template=template, opened_at=at,
            closes_at=closes, by_link=by_link, hours=hours, repeat_until=repeat_until, repeats=repeats,
        )  # fmt: skip
        QuickQuestion.objects.bulk_create(
            QuickQuestion(
                quick=quick, order=n, cell=cell, text=nfc(one.text).strip()[:200], unit=one.unit.strip()[:40],
                yes_no=one.yes_no, element=one.element,
            )
            for n, (one, cell) in enumerate(zip(asked, cells, strict=True), start=1)
        )  # fmt: skip
        _tell(quick, _("Quick question, answer by %(due)s: %(title)s"), by=by, at=at)
        entry.subject = quick
        entry.data |= {"title": quick.title, "units": sorted(unit_ids), "closes": closes}
    return quick


def _cell(asked: Asked, at: datetime) -> Cell:
    """The cell of a question; the same words with the same measure are the same question, whenever they are asked."""
    text, unit = nfc(asked.text).strip(), _("yes/no") if asked.yes_no else nfc(asked.unit).strip() or _("number")
    mark = hashlib.sha256(f"{text.casefold()}|{unit}|{asked.element}".encode()).hexdigest()[:8]
    code = f"hn_{slug(text).replace('-', '_')[:40].strip('_')}_{mark}"
    found = Cell.objects.filter(element=code).first()
    if found is None:
        source = _("Asked quickly, after “%(element)s”") % {"element": asked.element} if asked.element else ""
        figures.define_element(
            by=SYSTEM, at=at, code=code, name=text, unit=unit, stock=True, group=GROUP, definition=source
        )
        found = Cell.objects.get(element=code)
    return found


def _sheet(title: str, cells: Sequence[Cell], asked: Sequence[Asked], at: datetime) -> Sheet:
    """The sheet of just these questions. Another sheet that asks one of them gives it up, unless it is open."""
    wanted = sorted(cell.pk for cell in cells)
    owning = SheetLine.objects.filter(cell__in=wanted, owns=True, retired=False).values_list("sheet_id", flat=True)
    for code in sorted(set(owning)):
        lines = SheetLine.objects.filter(sheet=code, owns=True).values_list("cell_id", flat=True)
        if sorted(lines) == wanted:
            return Sheet.objects.get(pk=code)
        running = queries.open_now(at).filter(round__sheet=code).first()
        if running is not None:
            text = next(one.text for one, cell in zip(asked, cells, strict=True) if cell.pk in set(lines))
            closes = f"{localtime(running.closes_at):%H:%M %d/%m/%Y}"
            raise refusals.AskedNow(question=text, title=running.title, closes=closes)
        figures.retire_sheet(by=SYSTEM, at=at, code=code, reason=_("Asked anew with other questions"))
    mark = hashlib.sha256(repr(wanted).encode()).hexdigest()[:10]
    before = Sheet.objects.filter(pk__startswith=f"hn_{mark}").count()
    return figures.publish_sheet(
        by=SYSTEM,
        at=at,
        code=f"hn_{mark}_{before + 1}",
        name=title,
        kinds=[],
        lines=[LineSpec(cell=cell.key, label=nfc(one.text).strip()) for cell, one in zip(cells, asked, strict=True)],
        source=GROUP,
    )


def _tell(quick: QuickRound, subject: str, *, by: Actor, at: datetime, units: Sequence[int] | None = None) -> None:
    """One message to whoever types for each unit; it leads to the list of what is to be answered."""
    asked = [
        report.answering_id
        for report in Report.objects.filter(round=quick.round_id).order_by("pk")
        if units is None or report.unit_id in units
    ]
    if asked:
        notices.send(
            by=by,
            at=at,
            to_units=list(dict.fromkeys(asked)),
            verb_of_receiver="figure.type",
            subject=subject % {"due": f"{localtime(quick.closes_at):%H:%M %d/%m/%Y}", "title": quick.title},
            body=quick.note,
            link=reverse("quick:home"),
        )


# Answer


def answer(*, by: Actor, at: datetime, on: date, report_id: int, values: Mapping[int, str]) -> Submission:
    """Whoever types for the unit answers; it is handed in and counts at once. It may be corrected until closing."""
    quick, report = queries.quick_of(report_id)
    _still_open(quick, at)
    return figures.submit(by=by, at=at, on=on, report_id=report.pk, values=dict(values))


def answer_by_link(*, at: datetime, on: date, token: str, name: str, values: Mapping[int, str]) -> Submission:
    """Somebody with the unit's link answers: marked so, under the name they gave."""
    quick, report = queries.by_token(token, at)
    name = " ".join(nfc(name).split())[:120]
    with writing(by=SYSTEM, at=at, verb="quick.answer_by_link", unit_id=report.unit_id) as entry:
        Report.objects.select_for_update().get(pk=report.pk)
        if not name:
            raise refusals.NameNeeded()
        if LinkAnswer.objects.filter(submission__report=report, at__gt=at - WHILE).count() >= OFTEN:
            raise refusals.TooOften()
        who = Actor(
            account_id=None, position_id=None, unit_id=report.unit_id, name=name, title=_("answered through the link")
        )
        made = figures.submit(by=who, at=at, on=on, report_id=report.pk, values=dict(values))
        LinkAnswer.objects.create(quick=quick, submission=made, name=name, at=at)
        entry.subject = made
        entry.data["name"] = name
    return made


def _still_open(quick: QuickRound, at: datetime) -> None:
    if quick.closed_at is not None or quick.closes_at <= at:
        raise refusals.Closed()


# Remind, close, repeat


def remind(*, by: Actor, at: datetime, on: date, quick_id: int) -> int:
    """Tell those that have not answered; how many they are."""
    quick = queries.quick_for(by, quick_id, on)
    with writing(by=by, at=at, verb="quick.remind", subject=quick, unit_id=quick.round.opener_id) as entry:
        people.require(by, "round.open", quick.round.opener_id, on)
        _still_open(quick, at)
        waiting = list(
            Report.objects.filter(round=quick.round_id, first_submitted_at=None).values_list("unit_id", flat=True)
        )
        if not waiting:
            raise refusals.EverybodyAnswered()
        _tell(quick, _("Not answered yet, please answer by %(due)s: %(title)s"), by=by, at=at, units=waiting)
        entry.data["units"] = waiting
    return len(waiting)


def close(*, by: Actor, at: datetime, on: date, quick_id: int) -> QuickRound:
    """End it before its time: nobody answers or corrects any more."""
    quick = queries.quick_for(by, quick_id, on)
    with writing(by=by, at=at, verb="quick.close", subject=quick, unit_id=quick.round.opener_id):
        people.require(by, "round.open", quick.round.opener_id, on)
        _still_open(quick, at)
        QuickRound.objects.filter(pk=quick.pk).update(closed_at=at, repeat_until=None)
        figures.lock_round(by=by, at=at, on=on, round_id=quick.round_id, reason=_("The quick round was closed."))
    quick.refresh_from_db()
    return quick


def repeat_due(*, by: Actor, at: datetime, on: date) -> list[QuickRound]:
    """On a working day ask anew what is to be asked daily, each by the wish of whoever opened it first."""
    if not calendar.is_working_day(on, calendar.vietnam(on.year)):
        return []
    made = []
    firsts = QuickRound.objects.filter(repeats=None, repeat_until__gte=on, round__opens_on__lt=on)
    for first in firsts.select_related("round").exclude(repeated__round__opens_on=on):
        old = queries.figures_round(first)
        units = set(old.reports.values_list("unit_id", flat=True))
        with writing(by=by, at=at, verb="quick.repeat", subject=first, unit_id=old.opener_id) as entry:
            again = open_quick(
                by=by, at=at, on=on, opener_id=old.opener_id, title=first.title, note=first.note,
                questions=[Asked(q.text, q.unit, q.yes_no, q.element) for q in first.questions.all()],
                unit_ids=[unit for unit in sorted(units) if orgs.exists(unit, on)], hours=first.hours,
                by_link=first.by_link, template=first.template, repeats=first,
            )  # fmt: skip
            entry.data["quick"] = again.pk
            made.append(again)
    return made
