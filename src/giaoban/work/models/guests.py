"""Guests without an account: asked by a link of their own, which answers for them and for nobody else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from giaoban.work.models.meetings import Invitation, Meeting
from giaoban.work.models.sites import Site


class Guest(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="guests")
    name = models.CharField(max_length=200)
    office = models.CharField(max_length=200, blank=True, help_text="where they come from, and as what")
    unit = models.ForeignKey(
        "orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+", help_text="which sends them, as a learner"
    )
    site = models.ForeignKey(Site, models.SET_NULL, null=True, blank=True, related_name="guests")
    mail = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    salt = models.CharField(max_length=16, help_text="part of the link: changed when the link is taken back")
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Invitation.Answer.choices, blank=True, default="")
    answer_text = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    attendance = models.CharField(max_length=10, choices=Invitation.Attendance.choices, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="guest_named"),
            models.CheckConstraint(condition=~Q(attendance="ABSENT") | ~Q(reason=""), name="guest_absence_has_reason"),
        ]

    def __str__(self) -> str:
        return self.name
