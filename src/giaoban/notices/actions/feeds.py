"""A person's own calendar addresses: made, and revoked for good."""

from __future__ import annotations

import secrets
from datetime import datetime

from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import refusals
from giaoban.notices.models import Feed
from giaoban.notices.queries.calendars import hashed

MOST = 10


def make_feed(*, by: Actor, at: datetime, name: str, titles: bool) -> tuple[Feed, str]:
    """The feed and the secret of its address: shown once, of which only the hash is kept."""
    if by.account_id is None:
        raise ValueError("only a person has a calendar")
    name = name.strip()[:100]
    if not name:
        raise refusals.FeedNeedsName()
    token = secrets.token_urlsafe(32)
    with writing(by=by, at=at, verb="notice.feed") as entry:
        if Feed.objects.filter(account_id=by.account_id, revoked_at__isnull=True).count() >= MOST:
            raise refusals.TooManyFeeds(n=MOST)
        made = Feed.objects.create(
            account_id=by.account_id, name=name, token_hash=hashed(token), titles=titles, made_at=at
        )
        entry.subject = made
        entry.data["titles"] = titles
    return made, token


def revoke_feed(*, by: Actor, at: datetime, feed_id: int) -> Feed:
    """The address opens nothing any more."""
    found = Feed.objects.filter(pk=feed_id, account_id=by.account_id, revoked_at__isnull=True).first()
    if found is None or by.account_id is None:
        raise refusals.UnknownFeed()
    with writing(by=by, at=at, verb="notice.revoke_feed", subject=found):
        found.revoked_at = at
        found.save(update_fields=["revoked_at"])
    return found
