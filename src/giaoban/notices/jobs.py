"""The job that hands mail over: tried again some times, and taken up by the next one where the server stays away."""

from __future__ import annotations

import threading
from typing import Any

from django.conf import settings

from giaoban.jobs import registry
from giaoban.jobs.working import Run
from giaoban.notices import mail


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
