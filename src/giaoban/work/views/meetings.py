"""Pages of meetings: the list, the plan, the one page that works before, during and after, and the notice."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from giaoban.core import period
from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import queries as documents
from giaoban.documents.naming import Circle, below, ids
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.ui.parts import Tab
from giaoban.work import actions, queries
from giaoban.work.forms import (
    AnswerForm,
    CancelForm,
    ConclusionForm,
    ContributionForm,
    InviteForm,
    ItemForm,
    MeetingChangeForm,
    MeetingForm,
    NoticeForm,
    RewordForm,
    TaskForm,
)
from giaoban.work.models import Difficulty, Invitation, Meeting, MeetingKind, MeetingState, NoticeText, Task
from giaoban.work.queries.difficulties import open_difficulties
from giaoban.work.queries.guests import summoned_units
from giaoban.work.queries.presets import timetable
from giaoban.work.queries.requests import request_counts
from giaoban.work.views.around import around
from giaoban.work.views.presets import start_of
from giaoban.work.views.rows import state_tiles, task_rows
from giaoban.work.wording import notice_subject, notice_text

PAGE = 30


def find(request: HttpRequest, meeting_id: int) -> Meeting:
    try:
        return queries.meeting_for(request.actor, meeting_id, request.today)
    except Meeting.DoesNotExist:
        raise Http404 from None


@signed_in
@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """What is coming, what was held; and what waits: invitations to answer, notices to issue."""
    actor, on = request.actor, request.today
    held = request.GET.get("xem") == "da-hop"
    kind = request.GET.get("loai", "")
    text = request.GET.get("q", "")
    found = queries.meetings(actor, on, text=text, kind=kind if kind in MeetingKind.values else "")
    coming = queries.live()
    found = found.exclude(coming) if held else found.filter(coming).order_by("starts_at", "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    unanswered = list(queries.unanswered(actor, on)[:PAGE])
    waiting = list(queries.without_notice(actor, on)[:PAGE])
    names = queries.names([*(each.unit_id for each in page), *(each.unit_id for each in unanswered)], on)
    address = reverse("work:meetings")
    context = {
        "page": page,
        "rows": [
            (each, names.get(each.unit_id, ""), state_of(each), counts)
            for each, counts in queries.with_counts(page, on)
        ],
        "unanswered": [(each, names.get(each.unit_id, "")) for each in unanswered],
        "waiting": [(each, queries.notice_due(each)) for each in waiting],
        "kinds": MeetingKind.choices,
        "kind": kind,
        "q": text,
        "held": held,
        "may_plan": bool(people.acts_for(actor, "meeting.plan", on)),
        "tabs": [
            Tab(_("Coming meetings"), address, current=not held, count=queries.upcoming(actor, on).count()),
            Tab(_("Already held"), f"{address}?xem=da-hop", current=held),
            Tab(_("Requests"), reverse("work:requests"), count=request_counts(actor, on)["to-answer"]),
            Tab(_("Difficulties and shortcomings"), reverse("work:difficulties")),
            Tab(_("Trainings and certificates"), reverse("work:trainings")),
            Tab(_("My notes"), reverse("work:private-notes")),
            Tab(_("Commendations"), reverse("work:awards")),
            Tab(_("Digest of conferences"), reverse("work:digest")),
        ],
    }
    return render(request, "work/meetings.html", context)


def state_of(meeting: Meeting) -> tuple[str, str]:
    """Look and word of where a meeting stands."""
    if meeting.state == MeetingState.PLANNED:
        return ("planned", _("Invitations sent") if meeting.invited_at else _("Planned"))
    if meeting.state == MeetingState.HELD:
        return ("draft", _("Notice to be issued")) if meeting.closed_at else ("held", _("In session"))
    if meeting.state == MeetingState.CONCLUDED:
        return ("concluded", _("Notice issued"))
    return ("ended", _("Cancelled"))


@signed_in
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a meeting and invite, on one page."""
    on = request.today
    hosts, unit = hosts_of(request, "meeting.plan")
    circle = Circle(on, unit, below(unit, on))
    start = start_of(request, unit, list(circle.offered))
    form = MeetingForm(
        request.POST or None,
        circle=circle,
        hosts=hosts,
        initial={"unit": unit, **_usual(unit, request), **start.initial},
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data.pop("unit", None)
        invited = ids(data.pop("units"))
        try:
            meeting = actions.plan_and_invite(
                by=request.actor,
                at=request.now,
                unit_id=unit,
                unit_ids=invited,
                chair_position_id=_chair_position(unit, data["chair_name"], request),
                preset=start.preset,
                items=start.items,
                **data,
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(meeting)
    context = {"form": form, "offered": list(circle.offered), "unit_name": orgs.body_name(unit, on)}
    context |= start.context
    return render(request, "work/plan.html", context, status=422 if form.errors else 200)


def hosts_of(request: HttpRequest, verb: str) -> tuple[list[tuple[int, str]], int]:
    """The units in whose name the actor may do the verb, and the one chosen: at first the one above their office."""
    units = people.acts_for(request.actor, verb, request.today)
    if not units:
        raise NotAllowed()
    chosen = (request.POST or request.GET).get("unit", "")
    unit = next((each for each in units if str(each) == chosen), units[0])
    return [(each, orgs.body_name(each, request.today)) for each in units], unit


def _usual(unit: int, request: HttpRequest) -> dict[str, Any]:
    """The head of the unit chairs, unless somebody else is typed."""
    head = people.head(unit, request.today)
    if head is None:
        return {}
    return {"chair_name": head.account.full_name, "chair_title": head.position.title}


def _chair_position(unit: int, name: str, request: HttpRequest) -> int | None:
    head = people.head(unit, request.today)
    return head.position_id if head is not None and head.account.full_name == name.strip() else None


@signed_in
def change(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Change the plan of a meeting that was not held yet."""
    meeting = find(request, meeting_id)
    people.require(request.actor, "meeting.plan", meeting.unit_id, request.today)
    circle = Circle(request.today, meeting.unit_id, {})
    names = list(MeetingChangeForm(circle=circle).fields)
    form = MeetingChangeForm(
        request.POST or None, circle=circle, initial={name: getattr(meeting, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data["chair_position_id"] = _chair_position(meeting.unit_id, data["chair_name"], request)
        try:
            actions.amend_meeting(by=request.actor, at=request.now, meeting=meeting, **data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(meeting)
    context = {"form": form, "meeting": meeting, "unit_name": orgs.body_name(meeting.unit_id, request.today)}
    return render(request, "work/plan.html", context, status=422 if form.errors else 200)


@signed_in
def cancel(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.cancel_meeting(by=request.actor, at=request.now, meeting=meeting, reason=form.cleaned_data["reason"])
        return redirect(meeting)
    return page(request, meeting, forms={"cancel_form": form}, status=422 if request.method == "POST" else 200)


@signed_in
@require_GET
def meeting(request: HttpRequest, meeting_id: int, slug: str = "") -> HttpResponse:
    """One page for the whole life of a meeting."""
    found = find(request, meeting_id)
    if request.path != found.get_absolute_url():
        return redirect(found)
    return page(request, found)


def page(
    request: HttpRequest,
    meeting: Meeting,
    *,
    forms: dict[str, Any] | None = None,
    template: str = "work/meeting.html",
    status: int = 200,
) -> HttpResponse:
    """The meeting's page, or one section of it, with forms as they were sent where something is wrong."""
    return render(request, template, {**context_of(request, meeting), **(forms or {})}, status=status)


def context_of(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """Everything the page says; its sections are drawn from the same words."""
    actor, on = request.actor, request.today
    runs = people.may(actor, "meeting.plan", meeting.unit_id, on)
    concludes = people.may(actor, "meeting.conclude", meeting.unit_id, on)
    signs = people.may(actor, "notice.sign", meeting.unit_id, on)
    invitations = list(meeting.invitations.all())
    agenda = list(meeting.agenda.select_related("document", "conclusion__meeting", "request"))
    said = list(
        meeting.contributions.select_related("item", "request", "saying__difficulty").prefetch_related("corrections")
    )
    conclusions = list(queries.conclusions_for(actor, meeting, on))
    tasks = list(
        Task.objects.filter(conclusion__in=conclusions, parent__isnull=True).prefetch_related("partners").order_by("pk")
    )
    units = [
        meeting.unit_id,
        *(each.unit_id for each in invitations),
        *(each.presenter_unit_id for each in agenda),
        *(each.unit_id for each in said),
    ]
    names = queries.names(units, on)
    counts = queries.meeting_counts(meeting, on)
    table = f"{reverse('work:tasks')}?xem=tat-ca&hop={meeting.pk}&trang_thai="
    circle = circle_of(request, meeting, invitations, names) if runs or concludes else Circle(on, meeting.unit_id)
    live = meeting.state == MeetingState.HELD
    mine = next((each for each in invitations if each.unit_id == actor.unit_id and each.sent_at), None)
    rows = {row.task.pk: row for row in task_rows(tasks, on)}
    look, word = state_of(meeting)
    typing = ConclusionForm(circle=circle)
    said_form = ContributionForm(circle=circle, items=meeting.agenda.all())
    if request.htmx:  # a section drawn again after one was noted: the next one is typed at once
        typing.fields["text"].widget.attrs["autofocus"] = True
        said_form.fields["text"].widget.attrs["autofocus"] = True
    return {
        "meeting": meeting,
        "period": period.parse(meeting.period_code) if meeting.period_code else None,
        "look": look,
        "word": word,
        "host": names.get(meeting.unit_id, ""),
        "runs": runs,
        "concludes": concludes,
        "signs": signs,
        "difficulty_kinds": Difficulty.Kind.choices,
        "difficulties": list(open_difficulties(meeting)) if runs else [],
        "live": live,
        "planned": meeting.state == MeetingState.PLANNED,
        "terms": queries.invitation_terms(meeting, on) if meeting.state == MeetingState.PLANNED else None,
        "notice_due": queries.notice_due(meeting),
        "notice_late": _notice_late(meeting, request),
        "invitations": [(each, names.get(each.unit_id, "")) for each in invitations],
        "attendance": _attendance(invitations),
        "agenda": [
            (each, names.get(each.presenter_unit_id or 0, ""), queries.carried_counts(each, on), timed)
            for each, timed in zip(agenda, timetable(meeting, agenda, timezone.get_current_timezone()), strict=True)
        ],
        "length": length_of(meeting),
        **called(meeting, on),
        **around(request, meeting, agenda),
        "minutes": sum(each.minutes or 0 for each in agenda),
        "said": [(each, names.get(each.unit_id or 0, "")) for each in said],
        "conclusions": [
            (
                each,
                [rows[task.pk] for task in tasks if task.conclusion_id == each.pk],
                TaskForm(circle=circle, auto_id=f"c{each.pk}_%s"),
            )
            for each in conclusions
        ],
        "task_total": len(tasks),
        "counts": counts,
        "states": [{**tile, "href": f"{table}{code}"} for code, tile in state_tiles(counts)],
        "mine": mine,
        "may_answer": mine is not None
        and meeting.state == MeetingState.PLANNED
        and people.may(actor, "meeting.answer", actor.unit_id, on),
        "circle": circle,
        "offered": list(circle.offered),
        "attendances": Invitation.Attendance.choices,
        "due_words": due_words(request),
        "item_form": ItemForm(circle=circle),
        "invite_form": InviteForm(circle=circle),
        "answer_form": AnswerForm(initial={"answer": mine.answer, "text": mine.answer_text} if mine else None),
        "said_form": said_form,
        "conclusion_form": typing,
        "reword_form": RewordForm(),
        "cancel_form": CancelForm(),
    }


def circle_of(
    request: HttpRequest,
    meeting: Meeting,
    invitations: list[Invitation] | None = None,
    names: dict[int, str] | None = None,
) -> Circle:
    """Names offered in the meeting: those invited first, all of them as a group, then everything below the host."""
    if invitations is None:
        invitations = list(meeting.invitations.all())
        names = queries.names([each.unit_id for each in invitations], request.today)
    named = names or {}
    offered = {named[each.unit_id]: (each.unit_id,) for each in invitations if each.unit_id in named}
    if len(offered) > 1:
        everybody = f"Các đơn vị dự họp ({len(offered)})"
        offered = {**offered, everybody: tuple(each.unit_id for each in invitations)}
    return Circle(request.today, meeting.unit_id, {**offered, **below(meeting.unit_id, request.today)})


def due_words(request: HttpRequest) -> list[str]:
    """Due times to choose from while typing; anything else may be written."""
    on = request.today
    quarter = (on.month - 1) // 3
    following = ("I", "II", "III", "IV")[(quarter + 1) % 4]
    year = on.year + (quarter == 3)
    return [
        f"tháng {on.month}/{on.year}",
        f"tháng {on.month % 12 + 1}/{on.year + (on.month == 12)}",
        f"quý {('I', 'II', 'III', 'IV')[quarter]}/{on.year}",
        f"quý {following}/{year}",
        "học kỳ II",
        f"năm {on.year}",
        "hằng tháng",
        "hằng quý",
        "thường xuyên",
    ]


def called(meeting: Meeting, on: date) -> dict[str, Any]:
    """How those on the list are called: how many guests, whether some are summoned, whether some are invited."""
    guests = meeting.guests.filter(unit=None).count()
    summoned = summoned_units(meeting, on)
    others = guests or any(each.unit_id not in summoned for each in meeting.invitations.all())
    return {"guest_count": guests, "summoned": bool(summoned), "invites_others": bool(others)}


def length_of(meeting: Meeting) -> int | None:
    """Minutes that a meeting of one day has."""
    if meeting.ends_at is None or meeting.ends_at.date() != meeting.starts_at.date():
        return None
    return int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60


def _notice_late(meeting: Meeting, request: HttpRequest) -> bool:
    due = queries.notice_due(meeting)
    if due is None:
        return False
    issued = meeting.notice.issued_on if meeting.notice and meeting.notice.issued_on else request.today
    return issued > due


def _attendance(invitations: list[Invitation]) -> dict[str, int]:
    """How many came, in each way; absent and not taken apart."""
    found = dict.fromkeys(["present", "late", "substitute", "absent", "open"], 0)
    for each in invitations:
        found[each.attendance.lower() or "open"] += 1
    found["came"] = found["present"] + found["late"] + found["substitute"]
    found["all"] = len(invitations)
    return found


@signed_in
def notice(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Read the notice once more, number it and sign it; the chair approves the text, the chief of office signs it."""
    meeting = find(request, meeting_id)
    chairs = people.may(request.actor, "meeting.conclude", meeting.unit_id, request.today)
    if not chairs:
        people.require(request.actor, "notice.sign", meeting.unit_id, request.today)
    approved = NoticeText.objects.filter(meeting=meeting).first()
    holds = approved is not None and approved.lapsed_at is None
    initial = {
        "symbol": documents.next_symbol(meeting.unit_id, "TB", request.today),
        "issued_on": request.today,
        "subject": notice_subject(meeting),
        "signer": meeting.chair_name if chairs else request.actor.name,
        "signer_title": meeting.chair_title if chairs else f"TL. {meeting.chair_title or 'CHỦ TỊCH'}",
        "text": approved.text if approved and holds else notice_text(meeting),
    }
    form = NoticeForm(request.POST or None, request.FILES or None, initial=initial)
    if not chairs:
        form.fields["text"].widget.attrs["readonly"] = True
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        upload = data.pop("file")
        try:
            actions.issue_notice(
                by=request.actor,
                at=request.now,
                meeting=meeting,
                file=(upload.name, upload.read()) if upload else None,
                **data,
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(meeting)
    context = {
        "meeting": meeting,
        "form": form,
        "notice_due": queries.notice_due(meeting),
        "tasks": Task.objects.filter(conclusion__meeting=meeting, parent__isnull=True).count(),
        "held_on": timezone.localtime(meeting.opened_at or meeting.starts_at),
        "doubtful": queries.doubtful_tasks(meeting),
        "chairs": chairs,
        "approved": approved,
        "holds": holds,
    }
    return render(request, "work/notice.html", context, status=422 if form.errors else 200)
