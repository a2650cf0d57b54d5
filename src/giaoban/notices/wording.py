"""What events, rhythms and states of deliveries are called on a screen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

RHYTHMS = [
    ("at_once", _("A mail for each message, at once")),
    ("daily", _("One mail each working day, of all messages since the last")),
    ("weekly", _("One mail a week, on its first working day")),
    ("none", _("No mail; messages wait here")),
]
EVENTS = [
    ("task.assigned", _("A task was assigned")),
    ("task.reported", _("Progress was reported")),
    ("task.proposed", _("A task was reported as done")),
    ("task.confirmed", _("A task was confirmed as done")),
    ("task.sent_back", _("A task was sent back")),
    ("task.extended", _("More time was granted")),
    ("task.overdue", _("A task became overdue")),
    ("conclusion.bound", _("A conclusion became binding")),
    ("meeting.held", _("A meeting was held")),
    ("document.sent", _("A document was sent to units")),
]
TRIAL = _("Trial")
LOOKS = {"waiting": "waiting", "sent": "accepted", "failed": "not_met"}
STATES = {"waiting": _("Waits"), "sent": _("Taken"), "failed": _("Given up")}


def event(name: str) -> str:
    return str(dict(EVENTS).get(name, TRIAL))
