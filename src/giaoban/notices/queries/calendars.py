"""Whose calendar an address shows. Without a feed that was made and not revoked, none."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from giaoban.notices.models import Feed
from giaoban.people.models import Account

WINDOW = timedelta(hours=1)
MOST = 60  # times an address may be asked for in a window


class TooOften(Exception):
    """The address was asked for more often than calendars do."""


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def feeds(account: Account) -> QuerySet[Feed]:
    """Those in use, the newest first."""
    return Feed.objects.filter(account=account, revoked_at__isnull=True)


def feed_of(token: str, at: datetime) -> Feed:
    """The feed that has this token; Feed.DoesNotExist when nobody has. Counts that it was asked for."""
    found = Feed.objects.select_related("account").get(
        token_hash=hashed(token), revoked_at__isnull=True, account__is_active=True
    )
    mine = Feed.objects.filter(pk=found.pk)
    if found.window_at is None or at - found.window_at >= WINDOW or at < found.window_at:
        mine.update(window_at=at, asked=1, asked_at=at)
        return found
    if found.asked >= MOST:
        raise TooOften
    mine.update(asked=F("asked") + 1, asked_at=at)
    return found
