"""Jobs that hand mail over and tell other systems: tried again, and taken up by the next one where nobody answers."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from giaoban.jobs import registry
from giaoban.jobs.models import Job, State
from giaoban.jobs.working import Run
from giaoban.journal.actor import SYSTEM
from giaoban.notices import actions, hooking, mail

MAIL_AGAIN = timedelta(minutes=15)  # after a server stayed away


@registry.job(mail.JOB)
def send_mail(run: Run) -> dict[str, Any]:
    """Until nothing waits, or the server has stayed away for all pauses."""
    sent = failed = 0
    for pause in (*settings.MAIL_PAUSES, None):
        try:
            while True:
                done, given_up = mail.send_waiting(run.at, lambda n, of: run.progress(n, of))
                sent, failed = sent + done, failed + given_up
                if not done + given_up:
                    return {"sent": sent, "failed": failed}
        except mail.NotSent:
            if pause is None:
                break
            threading.Event().wait(pause)
    return {"sent": sent, "failed": failed, "waiting": mail.Mail.objects.filter(state="waiting").count()}


@registry.job(hooking.JOB)
def deliver_hooks(run: Run) -> dict[str, Any]:
    """What was collected and is due."""
    now = timezone.now
    collected = hooking.collect(now())
    return {"collected": collected, "sent": hooking.deliver(now, lambda n, of: run.progress(n, of))}


@registry.regularly
def look_after_hooks() -> None:
    hooking.look(registry.clock())


@registry.regularly
def look_after_mail() -> None:
    """Mail that waits though no job is about it: the server stayed away, or the worker was killed."""
    if not mail.is_on() or not mail.Mail.objects.filter(state="waiting").exists():
        return
    mine = Job.objects.filter(name=mail.JOB)
    if mine.filter(state__in=[State.WAITING, State.RUNNING]).exists():
        return
    now = registry.clock()
    last = mine.order_by("-pk").first()
    stayed_away = last is not None and last.ended_at is not None and last.result.get("waiting")
    if not stayed_away or not timedelta() <= now - last.ended_at < MAIL_AGAIN:  # type: ignore[union-attr,operator]
        actions.send_waiting_mail(by=SYSTEM, at=now)
