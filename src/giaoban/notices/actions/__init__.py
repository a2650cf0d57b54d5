"""Every change of messages, mail, calendar feeds and web hooks."""

from giaoban.notices.actions.feeds import make_feed, revoke_feed
from giaoban.notices.actions.gathering import Group, Receiver, Row, gather, note_passed
from giaoban.notices.actions.hooks import (
    change_hook,
    close_hook,
    make_hook,
    pause_hook,
    resend,
    resume_hook,
    rotate_secret,
    try_hook,
)
from giaoban.notices.actions.sending import (
    choose_mail,
    mark_all_read,
    mark_read,
    recall,
    release_mail,
    send,
    send_waiting_mail,
)

__all__ = [
    "Group",
    "Receiver",
    "Row",
    "change_hook",
    "choose_mail",
    "close_hook",
    "gather",
    "make_feed",
    "make_hook",
    "mark_all_read",
    "mark_read",
    "note_passed",
    "pause_hook",
    "recall",
    "release_mail",
    "resend",
    "resume_hook",
    "revoke_feed",
    "rotate_secret",
    "send",
    "send_waiting_mail",
    "try_hook",
]
