"""Calendar feeds: an address that shows a person's own calendar to whoever holds it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from giaoban.people.models import Account


class Feed(models.Model):
    """The address itself is shown once and not kept: only its hash is."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="feeds")
    name = models.CharField(max_length=100, help_text="where it is used, as the person calls it")
    token_hash = models.CharField(max_length=64, unique=True)
    titles = models.BooleanField(default=True, help_text="whether it names meetings and tasks")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when it was last asked for")
    window_at = models.DateTimeField(null=True, blank=True, help_text="from when `asked` counts")
    asked = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="feed_named")]

    def __str__(self) -> str:
        return self.name
