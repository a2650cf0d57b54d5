"""Copies of the minutes: the first when the meeting is closed, one more with every change that follows."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.utils import timezone

from giaoban.files.official import to_json
from giaoban.journal.actor import Actor
from giaoban.work.minutes_print import minutes
from giaoban.work.models import Meeting, MinutesCopy

NEW_CONCLUSION = "Ghi kết luận sau khi kết thúc họp"
NEW_WORDING = "Sửa lời kết luận sau khi kết thúc họp"
NEW_AWARDS = "Quyết định khen thưởng sau khi kết thúc họp"


def keep_minutes(by: Actor, at: datetime, meeting: Meeting, reason: str = "") -> MinutesCopy | None:
    """Of a closed meeting, when something differs from the copy before; inside the verb that changed it."""
    if meeting.closed_at is None:
        return None
    last = MinutesCopy.objects.filter(meeting=meeting).order_by("no").last()
    secretary = last.content["beside"]["name"] if last else _secretary(by, meeting)
    content = to_json(minutes(Meeting.objects.get(pk=meeting.pk), timezone.localdate(meeting.closed_at), secretary))
    written = json.dumps(content, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(written.encode()).hexdigest()
    if last is not None and last.sha256 == digest:
        return None
    return MinutesCopy.objects.create(
        meeting=meeting,
        no=last.no + 1 if last else 1,
        at=at,
        by=(f"{by.name}, {by.title}" if by.title else by.name)[:200],
        reason=(reason if last else "")[:300],
        content=content,
        sha256=digest,
    )


def _secretary(by: Actor, meeting: Meeting) -> str:
    """Who closes the meeting wrote it down, unless that is the chair."""
    return "" if by.is_system or by.name == meeting.chair_name else by.name
