"""Minutes as they stood: one copy when the meeting is closed, one more with each change after that."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from giaoban.work.models.meetings import Meeting


class MinutesCopy(models.Model):
    """The whole minutes at one moment; copies are added, never changed."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="minutes_copies")
    no = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    reason = models.CharField(max_length=300, blank=True, help_text="empty: the meeting was closed")
    content = models.JSONField(help_text="the document, files.official.to_json")
    sha256 = models.CharField(max_length=64, help_text="of the content as text: what was printed can be recognised")

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "no"], name="minutes_copy_number"),
            models.CheckConstraint(condition=Q(no=1) | ~Q(reason=""), name="minutes_copy_says_why"),
        ]
