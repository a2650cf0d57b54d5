"""Two tables: what was asked, by whom, how far it is and what came of it; and which workers live."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"
    STOPPED = "stopped", "stopped"


class Job(models.Model):
    """A piece of work with a name that some room answers to (`registry.job`)."""

    name = models.CharField(max_length=80, help_text="room.verb, as registered")
    title = models.CharField(max_length=300, help_text="what a person reads in the list")
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0, help_text="0: not known yet")
    words = models.CharField(max_length=300, blank=True, help_text="what it is doing, or why it failed")
    memory = models.JSONField(default=dict, help_text="where it goes on from when it was interrupted")
    result = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="starts since it last remembered anything")
    lease = models.CharField(
        max_length=32, blank=True, help_text="of the run that may write; a lost run holds an old one"
    )
    stop_asked = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(
        null=True, blank=True, help_text="the worker's last sign of life, or the last wake-up"
    )
    ends_about = models.DateTimeField(null=True, blank=True, help_text="estimated from what is done so far")
    ended_at = models.DateTimeField(null=True, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    position_id = models.BigIntegerField(null=True, blank=True, help_text="people.Position it is done for")
    unit_id = models.BigIntegerField(null=True, blank=True, help_text="orgs.Unit it is done for")
    link = models.CharField(max_length=300, blank=True, help_text="the page that shows what came of it")

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(state__in=State.values), name="job_state_known")]
        indexes = [models.Index(fields=["state", "id"], name="job_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.FAILED, State.STOPPED)

    @property
    def percent(self) -> int:
        """How much of it is done, for a bar; 0 while its size is not known."""
        if self.state == State.DONE:
            return 100
        return min(100, 100 * self.done // self.total) if self.total else 0


class Worker(models.Model):
    """A process that does jobs, known by its signs of life; a page says so when none gives one."""

    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    class Meta:
        ordering = ["host", "pid"]
        constraints = [models.UniqueConstraint(fields=["host", "pid"], name="worker_once")]
