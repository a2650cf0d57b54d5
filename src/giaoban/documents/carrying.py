"""What is kept of a document on its way: the lines it came by, how it is handled, its number, and who studied it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Line(models.Model):
    """One way by which a document reached a unit: the register it was sent from, and the day set on that way.

    The same paper may reach a school from the Sở and from its commune: one `Addressee`, the obligation, with two lines.
    """

    addressee = models.ForeignKey("documents.Addressee", models.CASCADE, related_name="lines")
    document = models.ForeignKey("documents.Document", models.CASCADE, related_name="lines_sent")
    sender = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True, help_text="when its own plan is due, as this sender said")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["addressee", "document"], name="line_once")]


class Handling(models.Model):
    """How one unit handles a document: what was proposed, and the leader's note (NĐ 30/2020 Điều 23 khoản 2)."""

    document = models.ForeignKey("documents.Document", models.CASCADE, related_name="handlings")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    proposal = models.TextField(blank=True)
    lead = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    partners = models.JSONField(default=list, blank=True, help_text="ids of the units that help")
    due_text = models.CharField(max_length=200, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.CharField(max_length=200, blank=True)
    opinion = models.TextField(blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.CharField(max_length=200, blank=True)
    task_id = models.BigIntegerField(null=True, blank=True, help_text="the task the note made; tasks lie a room above")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["unit", "noted_at"], name="handling_waiting")]
        constraints = [models.UniqueConstraint(fields=["document", "unit"], name="handling_once")]


class OwnCounter(models.Model):
    """A unit without a document system: its numbers are given here. A unit that has one is not in this table."""

    unit = models.OneToOneField("orgs.Unit", models.PROTECT, related_name="+")
    agency = models.CharField(max_length=40, help_text="its letters in a number: UBND, THCS")
    party_agency = models.CharField(max_length=40, blank=True, help_text="the same for Party documents: ĐU, CB")
    since = models.DateField()
    term_start = models.DateField(null=True, blank=True, help_text="first day of the Party committee's term")


class GivenNumber(models.Model):
    """One number of a series: kept for later, used, or void. What is in no row was never given: a gap."""

    class State(models.TextChoices):
        RESERVED = "reserved", _("kept for later")
        USED = "used", _("used")
        VOID = "void", _("void")

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    system = models.CharField(max_length=5)
    type = models.CharField(max_length=8)
    series = models.CharField(max_length=10, help_text="the year, or the first day of the Party term")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices)
    symbol = models.CharField(max_length=60)
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "system", "type", "series", "number"], name="number_once")
        ]


class Study(models.Model):
    """How one unit studied a document (quán triệt): its classes and their form; the counts are in `Attendance`."""

    class Form(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        ONLINE = "online", _("online")
        BOTH = "both", _("in person and online")

    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="studies")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    form = models.CharField(max_length=9, choices=Form.choices, default=Form.IN_PERSON)
    classes = models.PositiveIntegerField()
    finished_on = models.DateField()
    plan_issued = models.BooleanField(default=False)
    plan_symbol = models.CharField(max_length=60, blank=True, help_text="number of the plan or programme it issued")
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "unit"], name="study_once")]


class Attendance(models.Model):
    """One audience of a study. Rates are never kept: attended ÷ (expected − exempt) is computed from the counts."""

    class Audience(models.TextChoices):
        KEY = "key", _("key cadres")  # a part of the members, or of the others; not counted again in the total
        MEMBER = "member", _("Party members")
        MASS = "mass", _("members of mass organisations")
        OTHER = "other", _("others")

    study = models.ForeignKey(Study, models.CASCADE, related_name="counts")
    audience = models.CharField(max_length=6, choices=Audience.choices)
    expected = models.PositiveIntegerField()
    exempt = models.PositiveIntegerField(default=0, help_text="excused from activities (miễn sinh hoạt)")
    attended = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "audience"], name="attendance_once"),
            models.CheckConstraint(condition=Q(exempt__lte=F("expected")), name="attendance_exempt"),
            models.CheckConstraint(condition=Q(attended__lte=F("expected") - F("exempt")), name="attendance_attended"),
        ]
