"""What a state looks like: one word, one shape, one tone. Colour never stands alone (WCAG 1.4.1)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

GOOD, WARN, BAD, INFO, QUIET = "good", "warn", "bad", "info", "quiet"
TONES = (GOOD, WARN, BAD, INFO, QUIET)


@dataclass(frozen=True)
class Look:
    """How one state is shown: its word, its tone (which is also its colour) and its icon (its shape)."""

    word: str | Promise
    tone: str
    icon: str


LOOKS: dict[str, Look] = {
    # in time: deadlines of reports and tasks (QĐ 42/2014/QĐ-TTg has the four task states)
    "on_time": Look(pgettext_lazy("state", "On time"), GOOD, "circle-check"),
    "due_soon": Look(pgettext_lazy("state", "Due soon"), WARN, "clock"),
    "late": Look(pgettext_lazy("state", "Overdue"), BAD, "triangle-alert"),
    "no_due": Look(pgettext_lazy("state", "No due date"), QUIET, "infinity"),
    "done_on_time": Look(pgettext_lazy("state", "Done on time"), GOOD, "circle-check-big"),
    "done_late": Look(pgettext_lazy("state", "Done late"), WARN, "circle-check-big"),
    "doing_on_time": Look(pgettext_lazy("state", "In progress, within its term"), INFO, "circle-dot"),
    "doing_late": Look(pgettext_lazy("state", "In progress, overdue"), BAD, "triangle-alert"),
    "proposed": Look(pgettext_lazy("state", "Waiting for confirmation"), INFO, "hourglass"),
    "confirmed": Look(pgettext_lazy("state", "Confirmed"), GOOD, "badge-check"),
    "waiting": Look(pgettext_lazy("state", "Waiting"), INFO, "hourglass"),
    # against plan
    "met": Look(pgettext_lazy("state", "Met"), GOOD, "circle-check"),
    "not_met": Look(pgettext_lazy("state", "Not met"), BAD, "circle-x"),
    "unknown": Look(pgettext_lazy("state", "Not enough figures"), QUIET, "circle-question-mark"),
    # figures on their way
    "missing": Look(pgettext_lazy("state", "Not entered"), QUIET, "circle-dashed"),
    "draft": Look(pgettext_lazy("state", "Draft"), QUIET, "pencil"),
    "submitted": Look(pgettext_lazy("state", "Submitted"), INFO, "send"),
    "checked": Look(pgettext_lazy("state", "Checked"), INFO, "check"),
    "returned": Look(pgettext_lazy("state", "Returned"), WARN, "undo-2"),
    "accepted": Look(pgettext_lazy("state", "Approved"), GOOD, "badge-check"),
    "locked": Look(pgettext_lazy("state", "Locked"), QUIET, "lock"),
    # rounds, meetings, documents
    "open": Look(pgettext_lazy("state", "Open"), INFO, "circle-dot"),
    "closed": Look(pgettext_lazy("state", "Closed"), QUIET, "lock"),
    "planned": Look(pgettext_lazy("state", "Planned"), QUIET, "calendar-days"),
    "held": Look(pgettext_lazy("state", "In session"), INFO, "presentation"),
    "concluded": Look(pgettext_lazy("state", "Concluded"), GOOD, "gavel"),
    "binding": Look(pgettext_lazy("state", "Issued"), GOOD, "stamp"),
    "estimated": Look(pgettext_lazy("state", "Estimate"), WARN, "circle-dashed"),
    "active": Look(pgettext_lazy("state", "Active"), GOOD, "circle-check"),
    "ended": Look(pgettext_lazy("state", "Ended"), QUIET, "circle-x"),
}
LOOKS["approved"] = LOOKS["accepted"]


def look(code: str) -> Look:
    """The look of a state; a code nobody described is shown by its own name, quietly, rather than hidden."""
    return LOOKS.get(code) or Look(code, QUIET, "circle")
