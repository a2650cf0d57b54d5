"""The calendar of the week: who of a unit's leadership is where, when, in which room and car."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Facility(models.Model):
    """A room or a car that a unit's people share: one use at a time."""

    class Kind(models.TextChoices):
        ROOM = "ROOM", _("Meeting room")
        CAR = "CAR", _("Car")

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    name = models.CharField(max_length=100)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True, help_text="the first day it is no longer lent")

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "name"], condition=Q(closed_on__isnull=True), name="facility_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="facility_named"),
        ]

    def __str__(self) -> str:
        return self.name


class Engagement(models.Model):
    """One line of a unit's calendar. A line that is called off stays, struck through, with its reason."""

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    subject = models.CharField(max_length=500)
    place = models.CharField(max_length=200, blank=True)
    room = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, related_name="+")
    car = models.ForeignKey(Facility, models.PROTECT, null=True, blank=True, related_name="+")
    chair_text = models.CharField(max_length=200, blank=True, help_text="who chairs, where it is nobody of this unit")
    preparing = models.CharField(max_length=300, blank=True, help_text="who prepares, as written")
    note = models.CharField(max_length=300, blank=True)
    meeting = models.ForeignKey("work.Meeting", models.PROTECT, null=True, blank=True, related_name="engagements")
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True, help_text="last change after the week was approved")
    reason = models.CharField(max_length=300, blank=True, help_text="why it was changed after approval, or called off")
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["unit", "starts_at"], name="engagement_of_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="engagement_times"),
            models.CheckConstraint(condition=~Q(subject=""), name="engagement_subject"),
            models.CheckConstraint(
                condition=Q(called_off_at__isnull=True) | ~Q(reason=""), name="engagement_off_has_reason"
            ),
            models.UniqueConstraint(
                fields=["unit", "meeting"],
                condition=Q(meeting__isnull=False, called_off_at__isnull=True),
                name="engagement_meeting_once",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Attendant(models.Model):
    """A position of the unit that takes part, and whether it chairs."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="attendants")
    position = models.ForeignKey("people.Position", models.PROTECT, related_name="+")
    chairs = models.BooleanField(default=False)

    class Meta:
        ordering = ["-chairs", "position__rank", "position_id"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "position"], name="attendant_once"),
            models.UniqueConstraint(fields=["engagement"], condition=Q(chairs=True), name="attendant_one_chair"),
        ]


class Week(models.Model):
    """A week of a unit's calendar that somebody approved."""

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    monday = models.DateField()
    approved_at = models.DateTimeField()
    approved_by = models.CharField(max_length=200)
    approved_title = models.CharField(max_length=200)
    despite = models.CharField(max_length=300, blank=True, help_text="why it was approved although lines clash")

    class Meta:
        ordering = ["monday"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "monday"], name="week_once"),
            models.CheckConstraint(condition=Q(monday__iso_week_day=1), name="week_begins_on_monday"),
        ]
