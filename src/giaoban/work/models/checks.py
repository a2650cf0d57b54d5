"""Checks (kiểm tra): the plan of a year, who goes where, what was found, and what puts it right."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from giaoban.work.models.tasks import Task


class CheckPlan(models.Model):
    """A unit's plan of checks of one year; its lines can be seen by those checked once it is issued."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        APPROVED = "APPROVED", _("Approved")
        ISSUED = "ISSUED", _("Issued")

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="whose plan it is")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-year", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="check_plan_once"),
            models.CheckConstraint(
                condition=~Q(state="ISSUED") | Q(document__isnull=False, issued_at__isnull=False),
                name="check_plan_issued_by_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"


class PlannedCheck(models.Model):
    """One line of a plan. What is dropped stays, with its reason; what moves keeps where it stood (`CheckMove`)."""

    class Form(models.TextChoices):
        PLANNED = "PLANNED", _("By the plan")
        SUDDEN = "SUDDEN", _("Unplanned")

    plan = models.ForeignKey(CheckPlan, models.PROTECT, related_name="lines")
    lead = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="the office that does it")
    subject = models.CharField(max_length=500)
    topic = models.CharField(max_length=20, help_text="code of a topic in check_rules.toml")
    form = models.CharField(max_length=7, choices=Form.choices, default=Form.PLANNED)
    starts_on = models.DateField()
    ends_on = models.DateField()
    time_text = models.CharField(max_length=100, blank=True, help_text="the time as written: Tháng 3/2026")
    group = models.CharField(max_length=300, blank=True, help_text="whom it was chosen as: Các trường THCS (12)")
    basis = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    basis_text = models.CharField(max_length=300, blank=True, help_text="legal basis as written")
    added_later = models.BooleanField(default=False, help_text="entered after the plan was issued")
    entered_at = models.DateTimeField()
    decision = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["starts_on", "id"]
        indexes = [models.Index(fields=["topic", "starts_on"], name="planned_check_topic")]
        constraints = [
            models.CheckConstraint(condition=~Q(subject=""), name="planned_check_subject"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="planned_check_times"),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True) | ~Q(reason=""), name="planned_check_dropped_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("work:planned-check", args=[self.pk])


class CheckTarget(models.Model):
    """A unit that a line means to check. Left to another's check, or dropped, it stays with the reason."""

    planned = models.ForeignKey(PlannedCheck, models.CASCADE, related_name="targets")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    joined = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="guests", help_text="whose check it goes with"
    )
    dropped_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["unit", "dropped_at"], name="check_target_unit")]
        constraints = [
            models.UniqueConstraint(fields=["planned", "unit"], name="check_target_once"),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True) | ~Q(reason=""), name="check_target_dropped_reason"
            ),
        ]


class CheckMember(models.Model):
    """Somebody of the team, and their part of the work."""

    planned = models.ForeignKey(PlannedCheck, models.CASCADE, related_name="members")
    name = models.CharField(max_length=100)
    office = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    position = models.ForeignKey("people.Position", models.PROTECT, null=True, blank=True, related_name="+")
    head = models.BooleanField(default=False)
    part = models.CharField(max_length=300, blank=True, help_text="what they look at")

    class Meta:
        ordering = ["-head", "id"]
        constraints = [
            models.UniqueConstraint(fields=["planned"], condition=Q(head=True), name="check_member_one_head"),
            models.CheckConstraint(condition=~Q(name=""), name="check_member_named"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.office}" if self.office else self.name


class CheckMove(models.Model):
    """One time that a line was moved: from when to when, and why."""

    planned = models.ForeignKey(PlannedCheck, models.CASCADE, related_name="moves")
    from_starts_on = models.DateField()
    from_ends_on = models.DateField()
    to_starts_on = models.DateField()
    to_ends_on = models.DateField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["at", "id"]


class CheckJoin(models.Model):
    """An offer to check a unit together: the one who offers goes along with the other's check."""

    target = models.ForeignKey(CheckTarget, models.CASCADE, related_name="offers")
    other = models.ForeignKey(CheckTarget, models.CASCADE, related_name="offered")
    words = models.CharField(max_length=300, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=200)
    accepted = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["offered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["target"], condition=Q(accepted__isnull=True), name="check_join_one_open"),
        ]


class CheckVisit(models.Model):
    """One check of one unit, from the decision to the notice of its results."""

    class State(models.TextChoices):
        DECIDED = "DECIDED", _("Decided")
        OPEN = "OPEN", _("Under way")
        PRESENTED = "PRESENTED", _("Minutes wait for the unit")
        SIGNED = "SIGNED", _("Minutes signed")
        CONCLUDED = "CONCLUDED", _("Results announced")
        CALLED_OFF = "CALLED_OFF", _("Called off")

    target = models.OneToOneField(CheckTarget, models.PROTECT, related_name="visit")
    host = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="who checks")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="who is checked")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DECIDED)
    opens_on = models.DateField()
    papers_due_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    present = models.TextField(blank=True, help_text="who was there, of both sides")
    summary = models.TextField(blank=True, help_text="what the minutes say besides the findings")
    presented_at = models.DateTimeField(null=True, blank=True)
    presented_by = models.CharField(max_length=200, blank=True)
    opinion = models.TextField(blank=True, help_text="what the unit says to the minutes")
    unit_signed_by = models.CharField(max_length=200, blank=True)
    unsigned_because = models.CharField(max_length=300, blank=True, help_text="why the unit did not sign")
    signed_at = models.DateTimeField(null=True, blank=True)
    notice_due_on = models.DateField(null=True, blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = models.CharField(max_length=200, blank=True)
    conclusion = models.TextField(blank=True)
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-opens_on", "id"]
        indexes = [
            models.Index(fields=["unit", "state"], name="check_of_unit"),
            models.Index(fields=["host", "state"], name="check_by_host"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | ~Q(unit_signed_by="") | ~Q(unsigned_because=""),
                name="check_signed_or_said_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="CONCLUDED") | Q(document__isnull=False), name="check_concluded_by_document"
            ),
        ]

    def __str__(self) -> str:
        return self.target.planned.subject

    def get_absolute_url(self) -> str:
        return reverse("work:check", args=[self.pk])


class CheckPaper(models.Model):
    """A paper or figure that the unit is asked to have ready before."""

    visit = models.ForeignKey(CheckVisit, models.CASCADE, related_name="papers")
    title = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """What a check found. A shortcoming or violation is closed by its task confirmed, or an explanation accepted."""

    class Kind(models.TextChoices):
        STRENGTH = "STRENGTH", _("Strength")
        SHORTCOMING = "SHORTCOMING", _("Shortcoming")
        VIOLATION = "VIOLATION", _("Violation")

    visit = models.ForeignKey(CheckVisit, models.CASCADE, related_name="findings")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=11, choices=Kind.choices)
    topic = models.CharField(max_length=20, help_text="code of a topic in check_rules.toml")
    text = models.TextField()
    measure = models.TextField(blank=True, help_text="what is proposed to put it right")
    file_name = models.CharField(max_length=255, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    task = models.OneToOneField(Task, models.PROTECT, null=True, blank=True, related_name="finding")
    explanation = models.TextField(blank=True)
    explained_at = models.DateTimeField(null=True, blank=True)
    explained_by = models.CharField(max_length=200, blank=True)
    accepted = models.BooleanField(null=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=500, blank=True, help_text="what the checker says to the explanation")

    class Meta:
        ordering = ["visit_id", "number"]
        indexes = [models.Index(fields=["topic", "kind"], name="finding_topic")]
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="finding_number"),
            models.CheckConstraint(condition=~Q(text=""), name="finding_text"),
        ]

    def __str__(self) -> str:
        return self.text[:120]

    def get_absolute_url(self) -> str:
        return f"{reverse('work:check', args=[self.visit_id])}#finding-{self.pk}"
