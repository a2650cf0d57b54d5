"""How long a user name stays locked after too many wrong passwords (django-axes counts the tries)."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.utils.translation import ngettext


def remaining_wait(username: str, now: datetime) -> str:
    """How long until the name may be tried again, in minutes rounded up; empty when it is not locked.

    `now` is the real time, also in a demonstration: the lock is about who stands at the door at this moment.
    """
    tried = AccessAttempt.objects.filter(username=username, failures_since_start__gte=settings.AXES_FAILURE_LIMIT)
    last = tried.order_by("-attempt_time").first()
    left = last.attempt_time + (get_cool_off() or timedelta()) - now if last else timedelta()
    minutes = math.ceil(left.total_seconds() / 60)
    if minutes <= 0:
        return ""
    return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}
