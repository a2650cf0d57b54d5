"""The wake-up: django-q2 carries one number to a worker, nothing else.

Its packages are pickled and signed; the key is derived from the site's and opens nothing but a wake-up. Everything a
job needs lies in our table, so a lost package loses nothing: `working.sweep` wakes again.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.tasks import async_task


def take_own_key() -> None:
    """django-q2 signs with SECRET_KEY unless told otherwise; called when the program starts."""
    Conf.SECRET_KEY = salted_hmac(
        "giaoban.jobs.waking", "key", secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


def wake_up(job_id: int) -> None:
    """Send the number of a job to whichever worker is free."""
    async_task("giaoban.jobs.working.wake", int(job_id))


def on_the_way() -> bool:
    """Whether some wake-up has not been fetched by a worker yet."""
    return OrmQ.objects.filter(lock__lte=timezone.now()).exists()
