"""Commendations, at a meeting or by a decision alone: proposed, given, corrected or revoked; never deleted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from giaoban.work.models.meetings import AgendaItem, Meeting


class Award(models.Model):
    """One commendation of one unit or of one person of it."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Award proposed")
        GIVEN = "GIVEN", _("Award given")
        DROPPED = "DROPPED", _("Award not given")
        REVOKED = "REVOKED", _("Award revoked")

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="who gives it")
    kind = models.CharField(max_length=40, help_text="of catalogue/awards.toml")
    to = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="whom: the unit, or whose person")
    person = models.CharField(max_length=200, blank=True, help_text="empty: the unit as a whole")
    office = models.CharField(max_length=200, blank=True, help_text="what the person is in the unit")
    reason = models.TextField(help_text="the achievement, as the decision and the certificate word it")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="awards")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="awards")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=200)
    symbol = models.CharField(max_length=60, blank=True, help_text="number of the decision, as written: 05/QĐ-UBND")
    decided_on = models.DateField(null=True, blank=True)
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+", help_text="the decision itself"
    )
    signer = models.CharField(max_length=100, blank=True)
    signer_title = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    fold = models.TextField(blank=True)

    class Meta:
        ordering = ["-decided_on", "-id"]
        indexes = [
            models.Index(fields=["unit", "state", "decided_on"], name="award_by"),
            models.Index(fields=["to", "state", "decided_on"], name="award_to"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="award_has_reason"),
            models.CheckConstraint(
                condition=Q(state__in=["PROPOSED", "DROPPED"]) | (Q(decided_on__isnull=False) & ~Q(symbol="")),
                name="award_given_by_decision",
            ),
            models.UniqueConstraint(
                fields=["unit", "meeting", "kind", "to", "person"],
                condition=Q(meeting__isnull=False, state__in=["PROPOSED", "GIVEN"]),
                name="award_once_a_meeting",
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:120]

    def get_absolute_url(self) -> str:
        return reverse("work:award", args=[self.pk])


class AwardChange(models.Model):
    """What was changed in a commendation, by whom and why."""

    class Kind(models.TextChoices):
        CORRECTED = "CORRECTED", _("Corrected")
        DROPPED = "DROPPED", _("Award not given")
        REVOKED = "REVOKED", _("Award revoked")

    award = models.ForeignKey(Award, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    before = models.JSONField(default=dict, help_text="{field: what stood}, in words")
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="award_change_says_why")]
