"""Certificates of trainings (giấy chứng nhận): numbered by the host, withdrawn with a reason, never deleted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from giaoban.work.models.guests import Guest
from giaoban.work.models.meetings import Invitation, Meeting


class Certificate(models.Model):
    """What the paper says is kept as it was printed: a later change of names changes no certificate."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="certificates")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="whose counter numbered it")
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, blank=True, related_name="+")
    guest = models.ForeignKey(Guest, models.PROTECT, null=True, blank=True, related_name="+")
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    symbol = models.CharField(max_length=60)
    name = models.CharField(max_length=200, help_text="to whom")
    office = models.CharField(max_length=300, blank=True, help_text="as what, and of which unit")
    topic = models.CharField(max_length=300)
    attended = models.PositiveSmallIntegerField()
    sessions = models.PositiveSmallIntegerField()
    issued_on = models.DateField()
    signer = models.CharField(max_length=200)
    signer_title = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="certificate_number"),
            models.UniqueConstraint(
                fields=["invitation"],
                condition=Q(invitation__isnull=False, withdrawn_at__isnull=True),
                name="certificate_once",
            ),
            models.UniqueConstraint(
                fields=["guest"],
                condition=Q(guest__isnull=False, withdrawn_at__isnull=True),
                name="certificate_guest_once",
            ),
            models.CheckConstraint(
                condition=Q(invitation__isnull=False, guest__isnull=True)
                | Q(invitation__isnull=True, guest__isnull=False),
                name="certificate_of_one",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(reason=""), name="certificate_withdrawn_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symbol}, {self.name}"
