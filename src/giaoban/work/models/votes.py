"""Votes of a meeting: a motion, who may vote on it, and how many voted how; of a secret one never who voted how."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from giaoban.work.models.meetings import AgendaItem, Invitation, Meeting


class Motion(models.Model):
    """One question put to the vote."""

    class Way(models.TextChoices):
        HANDS = "HANDS", _("Show of hands, counted by the secretary")
        PHONE = "PHONE", _("Open, each on their own phone")
        SECRET = "SECRET", _("Secret ballot, each on their own phone")

    class Per(models.TextChoices):
        PERSON = "PERSON", _("One vote a person")
        UNIT = "UNIT", _("One vote a unit")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Vote open")
        CARRIED = "CARRIED", _("Carried")
        REJECTED = "REJECTED", _("Not carried")
        CANCELLED = "CANCELLED", _("Vote cancelled")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="motions")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="motions")
    no = models.PositiveIntegerField()
    text = models.TextField()
    way = models.CharField(max_length=6, choices=Way.choices)
    per = models.CharField(max_length=6, choices=Per.choices, default=Per.PERSON)
    threshold = models.CharField(max_length=40, help_text="of catalogue/votes.toml, as it was when the vote opened")
    needs_numerator = models.PositiveSmallIntegerField()
    needs_denominator = models.PositiveSmallIntegerField()
    needs_more = models.BooleanField(help_text="more than the share, not just as much")
    needs_of = models.CharField(max_length=7, help_text="members or present")
    members = models.PositiveIntegerField(help_text="how many votes there are")
    present = models.PositiveIntegerField(help_text="how many of them are in the meeting")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    in_favour = models.PositiveIntegerField(default=0)
    against = models.PositiveIntegerField(default=0)
    abstain = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
    cancelled_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "no"], name="motion_number"),
            models.CheckConstraint(condition=~Q(text=""), name="motion_text"),
            models.CheckConstraint(condition=Q(present__lte=F("members")), name="motion_present"),
            models.CheckConstraint(
                condition=Q(present__gte=F("in_favour") + F("against") + F("abstain")), name="motion_sum"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", closed_at__isnull=True) | (Q(closed_at__isnull=False) & ~Q(state="OPEN")),
                name="motion_closed",
            ),
            models.CheckConstraint(condition=~Q(state="CANCELLED") | ~Q(cancelled_why=""), name="motion_cancelled"),
        ]

    def __str__(self) -> str:
        return self.text[:120]

    def get_absolute_url(self) -> str:
        return reverse("work:motion", args=[self.meeting_id, self.pk])


class Voter(models.Model):
    """Who may vote on a motion and whether they did; how they did only where the vote is open."""

    class Choice(models.TextChoices):
        NONE = "", _("Not kept")
        FOR = "FOR", _("In favour")
        AGAINST = "AGAINST", _("Against")
        ABSTAIN = "ABSTAIN", _("Abstention")

    motion = models.ForeignKey(Motion, models.CASCADE, related_name="voters")
    invitation = models.ForeignKey(
        Invitation, models.PROTECT, null=True, blank=True, related_name="+", help_text="empty: the chair"
    )
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    position = models.ForeignKey("people.Position", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    present = models.BooleanField()
    voted = models.BooleanField(default=False)
    choice = models.CharField(max_length=7, choices=Choice.choices, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["motion", "invitation"], name="voter_once"),
            models.UniqueConstraint(fields=["motion"], condition=Q(invitation__isnull=True), name="voter_chair_once"),
            models.CheckConstraint(condition=Q(voted=True) | Q(choice=""), name="voter_choice"),
        ]
