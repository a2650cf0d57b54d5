"""The minutes of a meeting, item by item: who came, what was said, voted, awarded and concluded, what was corrected."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from giaoban.documents.serving import download
from giaoban.files import docx
from giaoban.files.official import from_json
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.work import queries
from giaoban.work.minutes_print import minutes as paper_of
from giaoban.work.models import Meeting, Motion
from giaoban.work.queries.awards import awards_at, named_kinds, recipient
from giaoban.work.queries.votes import result_words, way_words
from giaoban.work.views.meetings import find


def _mine(request: HttpRequest, meeting_id: int) -> Meeting:
    """For the host's side; those invited read the notice."""
    meeting = find(request, meeting_id)
    if not people.may(request.actor, "meeting.view", meeting.unit_id, request.today):
        raise PermissionDenied
    return meeting


@signed_in
@require_GET
def minutes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What stands now, and the copies kept since the meeting was closed."""
    meeting = _mine(request, meeting_id)
    said = list(meeting.contributions.select_related("request").prefetch_related("corrections"))
    concluded = list(meeting.conclusions.all())
    voted = list(meeting.motions.exclude(state=Motion.State.OPEN))
    awards = list(awards_at(meeting))
    invitations = list(meeting.invitations.all())
    units = [meeting.unit_id, *(each.unit_id for each in invitations), *(each.unit_id for each in said)]
    names = queries.names([*units, *(each.to_id for each in awards)], request.today)
    kinds = named_kinds([each.kind for each in awards])
    parts = []
    for item in [*meeting.agenda.all(), None]:
        pk = item.pk if item else None
        parts.append(
            {
                "item": item,
                "said": [(each, names.get(each.unit_id or 0, "")) for each in said if each.item_id == pk],
                "voted": [
                    (each, way_words(each), result_words(each) if each.state != Motion.State.CANCELLED else "")
                    for each in voted
                    if each.item_id == pk
                ],
                "concluded": [each for each in concluded if each.item_id == pk],
            }
        )
    context = {
        "meeting": meeting,
        "host": names.get(meeting.unit_id, ""),
        "invitations": [(each, names.get(each.unit_id, "")) for each in invitations],
        "came": sum(each.attendance in ("PRESENT", "LATE", "SUBSTITUTE") for each in invitations),
        "parts": [each for each in parts if each["item"] or each["said"] or each["voted"] or each["concluded"]],
        "awards": [
            (each, kind, recipient(each, names.get(each.to_id, ""))) for each, kind in zip(awards, kinds, strict=True)
        ],
        "copies": meeting.minutes_copies.defer("content").order_by("-no"),
        "notice_due": queries.notice_due(meeting),
    }
    return render(request, "work/minutes.html", context)


@signed_in
@require_GET
def paper(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The minutes as a DOCX file: the copy asked for, the newest one, or of a meeting still in session as it stands."""
    meeting = _mine(request, meeting_id)
    if meeting.opened_at is None:
        raise Http404
    asked = request.GET.get("ban", "")
    copies = meeting.minutes_copies.all()
    if asked:
        kept = copies.filter(no=int(asked)).first() if asked.isdecimal() and len(asked) < 6 else None
        if kept is None:
            raise Http404
    else:
        kept = copies.last()
    document = from_json(kept.content) if kept else paper_of(meeting, request.today)
    name = f"bien-ban-{meeting.pk}{f'-ban-{kept.no}' if kept else '-dang-ghi'}.docx"
    return download(name, docx.write(document))
