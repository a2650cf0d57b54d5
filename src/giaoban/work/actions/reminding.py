"""Once a working day: remind those whose turn it is, and tell the sides above of what is late. Harmless when run again.

Each receiver is one transaction, so a run that is stopped is taken up by the next; a day on which nobody ran it is made
up for, since the lists are those of the day on which it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from giaoban.core import calendar
from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.work import chat
from giaoban.work.queries import reminding
from giaoban.work.queries.reminding import BELOW, HEADS, Line, Reminder
from giaoban.work.reminders import repeat_after

HEADINGS = {
    "overdue": "Quá hạn",
    "today": "Đến hạn hôm nay",
    "soon": "Sắp đến hạn",
    "reports": "Báo cáo định kỳ",
    "parts": "Phần phối hợp chưa trả lời",
    "extensions": "Xin gia hạn, chờ quyết định",
    "done": "Báo cáo hoàn thành, chờ xác nhận",
    "below": "Chậm ở đơn vị cấp dưới",
}
SUBJECT = "work.task"
STEP = 500  # due days told in one transaction


@dataclass(frozen=True)
class Told:
    """How many lists were told, and of how many tasks the passing of the due day."""

    lists: int = 0
    passed: int = 0


def remind_tasks(*, by: Actor, at: datetime) -> Told:
    """The lists of the day; on a day off nobody is told."""
    if not by.is_system:
        raise NotAllowed()
    on = timezone.localdate(at)
    if not calendar.is_working_day(on, calendar.vietnam(on.year)):
        return Told()
    passed = 0
    late = reminding.overdue(on)
    for first in range(0, len(late), STEP):
        passed += notices.note_passed(
            by=by, at=at, subject=SUBJECT, due=late[first : first + STEP], verb="task.overdue"
        )
    lists = 0
    found = reminding.reminders(on)
    names = orgs.names({line.task.lead_id for each in found for line in each.lines if line.task.lead_id}, on)
    for reminder in found:
        lists += _tell(reminder, names, by=by, at=at, on=on)
    return Told(lists, passed)


def _tell(reminder: Reminder, names: Mapping[int, str], *, by: Actor, at: datetime, on: date) -> bool:
    below = reminder.of(BELOW)
    text = late_text(below, names, on) if below else ""
    told = notices.gather(
        by=by,
        at=at,
        to=reminder.to,
        subject=subject(reminder, on),
        groups=groups(reminder.lines, names, on),
        link=reverse("work:reminders") if reminder.to.position_id else reverse("work:tasks"),
        repeat_after=repeat_after(on),
        text_to_paste=text,
    )
    return told is not None


def subject(reminder: Reminder, on: date) -> str:
    """How many under each heading: "Nhắc việc 29/01/2026: 3 quá hạn, 1 đến hạn hôm nay"."""
    counts = [(HEADINGS[head], len(reminder.of(head))) for head in HEADS]
    said = ", ".join(f"{n} {name[:1].lower()}{name[1:]}" for name, n in counts if n)
    return f"Nhắc việc {on:%d/%m/%Y}: {said}"


def groups(lines: Iterable[Line], names: Mapping[int, str], on: date) -> list[notices.Group]:
    """The lines under their headings, as a message keeps them."""
    found: dict[str, list[notices.Row]] = {}
    for line in lines:
        found.setdefault(line.head, []).append(
            notices.Row(words(line, names), line.task.get_absolute_url(), note(line, on), line.mark)
        )
    return [notices.Group(HEADINGS[head], tuple(found[head])) for head in HEADS if head in found]


def words(line: Line, names: Mapping[int, str]) -> str:
    """The title; what comes from elsewhere says from whom."""
    lead = names.get(line.task.lead_id or 0, "")
    return f"{lead}: {line.task.title}" if line.head in (BELOW, "extensions", "done") and lead else line.task.title


def note(line: Line, on: date) -> str:
    """Days only: this may stand in a mail."""
    if line.head == "done" and line.task.proposed_at is not None:
        due = f"hạn {line.due_on:%d/%m/%Y}" if line.due_on else line.task.due_text
        return f"{due}, báo cáo ngày {timezone.localdate(line.task.proposed_at):%d/%m/%Y}"
    said = chat.standing(line.due_on, on)
    if line.head == "reports":
        return f"{line.label}, {said}"
    return f"{said}, xin đến {line.label}" if line.head == "extensions" else said


def late_text(lines: Iterable[Line], names: Mapping[int, str], on: date) -> str:
    """For the chat group of the units below, without its link: the message adds it."""
    rows = [f"{words(line, names)} ({note(line, on)})" for line in lines]
    return chat.listing(f"Nhắc việc {on:%d/%m/%Y}", [("Chậm", rows)], "").rstrip()


def list_text(reminder: Reminder, names: Mapping[int, str], on: date, name: str) -> str:
    """The whole list of a unit or a position, for a chat group."""
    shown = [
        (HEADINGS[head], [f"{words(line, names)} ({note(line, on)})" for line in reminder.of(head)]) for head in HEADS
    ]
    return chat.listing(f"{name}: việc đến {on:%d/%m/%Y}", shown, settings.SITE + reverse("work:tasks"))
