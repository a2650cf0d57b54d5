"""What was written in a meeting and how it changed: wordings of a conclusion, the notice's text, corrections."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from giaoban.work.models.meetings import Conclusion, Contribution, Meeting


class Wording(models.Model):
    """One wording that a conclusion had; the newest is the conclusion's own."""

    conclusion = models.ForeignKey(Conclusion, models.CASCADE, related_name="wordings")
    version = models.PositiveIntegerField()
    heading = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["conclusion", "version"], name="wording_version")]


class NoticeText(models.Model):
    """The text of a conclusion notice as the chair approved it; who signs for the chair may change nothing in it."""

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="approved_text")
    text = models.TextField()
    approved_at = models.DateTimeField()
    approved_by = models.CharField(max_length=200)
    position = models.ForeignKey("people.Position", models.PROTECT, null=True, blank=True, related_name="+")
    lapsed_at = models.DateTimeField(
        null=True, blank=True, help_text="a conclusion changed since: the chair reads it once more"
    )


class Correction(models.Model):
    """An entry of the minutes that was changed. After the minutes are locked each change says why."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="corrections")
    before = models.TextField(blank=True, help_text="empty: the whole entry was added after the lock")
    after = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    locked = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(locked=False) | ~Q(reason=""), name="correction_after_lock_says_why"),
        ]
