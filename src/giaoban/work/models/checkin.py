"""Check-ins: each is kept as it was made, with the time of the phone, under a key that the phone chose."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from giaoban.work.models.guests import Guest
from giaoban.work.models.meetings import Invitation, Meeting
from giaoban.work.models.sites import Site
from giaoban.work.models.training import Session


class CheckIn(models.Model):
    """Somebody came. The same key sent twice is one check-in; the same person twice at one session is one too."""

    class Way(models.TextChoices):
        CODE = "CODE", _("Code read or typed")
        LIST = "LIST", _("Chosen on the list")
        SELF = "SELF", _("On their own phone")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="check_ins")
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, blank=True, related_name="check_ins")
    guest = models.ForeignKey(Guest, models.CASCADE, null=True, blank=True, related_name="check_ins")
    session = models.ForeignKey(
        Session, models.CASCADE, null=True, blank=True, related_name="check_ins", help_text="of a training"
    )
    site = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, related_name="check_ins", help_text="where they came to"
    )
    key = models.UUIDField(unique=True, help_text="chosen by the phone: what is sent again is known again")
    at = models.DateTimeField(help_text="by the clock of the phone, never later than received")
    received_at = models.DateTimeField()
    way = models.CharField(max_length=4, choices=Way.choices)
    by = models.CharField(max_length=200, help_text="whose phone it was")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(invitation__isnull=False, guest__isnull=True)
                | Q(invitation__isnull=True, guest__isnull=False),
                name="check_in_of_one",
            ),
            models.UniqueConstraint(fields=["invitation"], condition=Q(session__isnull=True), name="check_in_once"),
            models.UniqueConstraint(fields=["guest"], condition=Q(session__isnull=True), name="check_in_guest_once"),
            models.UniqueConstraint(
                fields=["session", "invitation"], condition=Q(session__isnull=False), name="check_in_session_once"
            ),
            models.UniqueConstraint(
                fields=["session", "guest"], condition=Q(session__isnull=False), name="check_in_session_guest_once"
            ),
        ]
