"""Questions about messages, calendar feeds and web hooks."""

from giaoban.notices.queries.calendars import feed_of, feeds
from giaoban.notices.queries.inbox import UnknownMessage, inbox, message, unread_count
from giaoban.notices.queries.web_hooks import deliveries, hook_for, hooks

__all__ = [
    "UnknownMessage",
    "deliveries",
    "feed_of",
    "feeds",
    "hook_for",
    "hooks",
    "inbox",
    "message",
    "unread_count",
]
