"""Papers of a meeting (tài liệu họp): asked of somebody by a day, delivered in versions that are all kept, and read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from giaoban.work.models.guests import Guest
from giaoban.work.models.meetings import AgendaItem, Meeting


class Paper(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="papers")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="papers")
    title = models.CharField(max_length=300)
    presenter_unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    presenter = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True, help_text="delivered by this day")
    attendees_only = models.BooleanField(
        default=False, help_text="chỉ người dự: not for those who merely see the meeting"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was withdrawn")

    class Meta:
        ordering = ["item__order", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="paper_titled"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(reason=""), name="paper_withdrawn_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PaperVersion(models.Model):
    """One delivery. None is ever changed or taken out: what was read in a meeting can be read again."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="versions")
    no = models.PositiveIntegerField()
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    text = models.TextField(blank=True, help_text="of the file, to be read on a phone; empty where it has none")
    note = models.CharField(max_length=300, blank=True, help_text="what is different")
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["no"]
        constraints = [models.UniqueConstraint(fields=["paper", "no"], name="paper_version")]


class PaperReading(models.Model):
    """Who opened which version, and when first: before the meeting or during it is told by the time."""

    version = models.ForeignKey(PaperVersion, models.CASCADE, related_name="readings")
    account = models.ForeignKey("people.Account", models.CASCADE, null=True, blank=True, related_name="+")
    guest = models.ForeignKey(Guest, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False, guest__isnull=True) | Q(account__isnull=True, guest__isnull=False),
                name="paper_read_by_one",
            ),
            models.UniqueConstraint(fields=["version", "account"], name="paper_read_once"),
            models.UniqueConstraint(fields=["version", "guest"], name="paper_read_by_guest_once"),
        ]
