"""Web hooks: addresses of other systems, and what is delivered to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from giaoban.orgs.models import Unit


class Hook(models.Model):
    """A unit's other system that is told of events. Its secret is derived from `salt` and the key of this house."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="hooks")
    name = models.CharField(max_length=100)
    address = models.URLField(max_length=500)
    events = models.JSONField(default=list, help_text="names of events, such as task.assigned")
    salt = models.CharField(max_length=40)
    old_salt = models.CharField(max_length=40, blank=True, help_text="of the secret before; it signs too until then")
    old_until = models.DateTimeField(null=True, blank=True)
    cursor = models.BigIntegerField(help_text="the last event of the journal that was looked at for it")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=330)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["unit_id", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(address=""), name="hook_named"),
            models.CheckConstraint(
                condition=(Q(old_salt="") & Q(old_until__isnull=True)) | (~Q(old_salt="") & Q(old_until__isnull=False)),
                name="hook_old_secret_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "waiting"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"


class Delivery(models.Model):
    """One event for one hook: made in the same step that moves the hook's cursor, sent until it was taken."""

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=64, unique=True, help_text="the same with every attempt: receivers drop doubles")
    event = models.CharField(max_length=40)
    seq = models.BigIntegerField(null=True, help_text="the event of the journal; null for a trial")
    body = models.TextField(help_text="JSON, sent as it stands")
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(help_text="not before; by the machine's clock")
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="what the receiver answered last")
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]
        indexes = [
            models.Index(fields=["state", "next_at"], name="delivery_due"),
            models.Index(fields=["hook", "id"], name="delivery_of_hook"),
        ]

    def __str__(self) -> str:
        return self.key
