"""Whose jobs, how many wait, and whether anybody does them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from giaoban.jobs.models import Job, State, Worker
from giaoban.journal.actor import Actor

SILENT = timedelta(seconds=45)  # a worker that gave no sign for so long is taken for dead


def visible(actor: Actor) -> QuerySet[Job]:
    """The jobs this person asked for, and those asked from the position they act in; SYSTEM sees all."""
    if actor.is_system:
        return Job.objects.all()
    return Job.objects.filter(
        Q(account_id=actor.account_id) | Q(position_id=actor.position_id, position_id__isnull=False)
    )


def job_for(actor: Actor, job_id: int) -> Job:
    """The job, if the actor may see it; Job.DoesNotExist otherwise."""
    return visible(actor).get(pk=job_id)


def worker_lives(now: datetime) -> bool:
    """Whether some worker gave a sign of life lately."""
    return Worker.objects.filter(beat_at__gt=now - SILENT, beat_at__lt=now + SILENT).exists()


def ahead(job: Job) -> int:
    """How many jobs are done before a waiting one."""
    if job.state != State.WAITING:
        return 0
    return Job.objects.filter(Q(state=State.RUNNING) | Q(state=State.WAITING, pk__lt=job.pk)).count()
