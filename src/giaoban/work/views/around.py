"""What the page of a meeting says about its papers, sites, the item open now and the reader's own notes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from giaoban.people import queries as people
from giaoban.work.models import Meeting, MeetingKind, MeetingState
from giaoban.work.queries import papers, private_notes, sites
from giaoban.work.queries.checkin import invitation_of


def around(request: HttpRequest, meeting: Meeting, agenda: list[Any]) -> dict[str, Any]:
    """The parts of the page that stand beside agenda, discussion and conclusions."""
    actor, on = request.actor, request.today
    found = papers.shelved(papers.readable(actor, meeting, on), on, actor=actor)
    holding = [each for each in found if each.paper.withdrawn_at is None]
    now = next((item for item in agenda if item.began_at and not item.ended_at), None)
    notes = private_notes.on_meeting(actor, meeting)
    mine = invitation_of(actor, meeting)
    standings = sites.standings(meeting)
    keeps = sites.kept_by(actor, meeting, on)
    return {
        "papers": holding,
        "papers_sent": sum(not each.missing for each in holding),
        "papers_late": sum(each.late for each in holding),
        "papers_new": sum(each.new for each in holding),
        "now_item": now if meeting.state == MeetingState.HELD and meeting.closed_at is None else None,
        "now_papers": [each for each in holding if now is not None and each.paper.item_id == now.pk],
        "own_notes": notes,
        "noted": {note.item_id for note in notes if note.item_id},
        "sites": standings if standings.sites else None,
        "my_site": mine.site if mine else None,
        "keeps_site": keeps[0] if keeps else None,
        "is_training": meeting.kind == MeetingKind.TRAINING,
        "comes_to_items": meeting.state == MeetingState.HELD
        and meeting.closed_at is None
        and any(people.may(actor, verb, meeting.unit_id, on) for verb in ("meeting.plan", "meeting.conclude")),
    }
