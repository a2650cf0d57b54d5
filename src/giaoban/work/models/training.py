"""A training over several days: its sessions (buổi), and how many of them the certificate asks for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from giaoban.work.models.meetings import Meeting


class Session(models.Model):
    """One half day or evening of the programme, with its own attendance."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    subject = models.CharField(max_length=300)
    teacher = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_times"),
            models.CheckConstraint(condition=~Q(subject=""), name="session_subject"),
            models.UniqueConstraint(fields=["meeting", "starts_at", "subject"], name="session_once"),
        ]

    def __str__(self) -> str:
        return self.subject
