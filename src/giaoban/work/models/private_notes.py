"""A person's own notes on a meeting, an item of its agenda or one of its papers: theirs, and nobody else's to see."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from giaoban.work.models.meetings import AgendaItem, Contribution, Meeting
from giaoban.work.models.papers import Paper
from giaoban.work.models.requests import Request


class PrivateNote(models.Model):
    """Belongs to the account, not to the position: it goes along when the person changes office."""

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    paper = models.ForeignKey(Paper, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    contribution = models.ForeignKey(Contribution, models.SET_NULL, null=True, blank=True, related_name="+")
    request = models.ForeignKey(Request, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["account", "meeting"], name="private_note_of")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="private_note_says_something")]
