"""Tasks, who works on them, and what was said about them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from giaoban.work.models.meetings import Conclusion
from giaoban.work.states import Dates


class DueKind(models.TextChoices):
    """calendar.md, section 6."""

    DATE = "DATE", _("Date")
    MONTH = "MONTH", _("Month")
    QUARTER = "QUARTER", _("Quarter")
    HALF = "HALF", _("Half-year")
    YEAR = "YEAR", _("Year")
    RECURRING = "RECURRING", _("Recurring")
    CONTINUOUS = "CONTINUOUS", _("Continuous")
    EVENT = "EVENT", _("After an event")


class Relation(models.TextChoices):
    """On what ground one unit gives another a task."""

    ASSIGN = "ASSIGN", _("assigned")
    GUIDE = "GUIDE", _("professional direction")
    ASK = "ASK", _("requested")


class Task(models.Model):
    title = models.CharField(max_length=300)
    text = models.TextField(help_text="the exact sentence where it comes from a text")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    has_parts = models.BooleanField(default=False, help_text="the parts count, this one does not")
    handed_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handed_down",
        help_text="the task of the unit above out of which its lead gave this one; both count, each for its own lead",
    )
    conclusion = models.ForeignKey(Conclusion, models.PROTECT, null=True, blank=True, related_name="tasks")
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    start = models.PositiveIntegerField(
        null=True, blank=True, help_text="offset of the sentence in the document's text"
    )
    end = models.PositiveIntegerField(null=True, blank=True)
    assigned_by = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    assigned_position = models.ForeignKey("people.Position", models.PROTECT, null=True, blank=True, related_name="+")
    assigned_at = models.DateTimeField()
    relation = models.CharField(max_length=6, choices=Relation.choices, default=Relation.ASSIGN)
    lead = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    group = models.CharField(
        max_length=200, blank=True, help_text="whom it addresses when it has parts: Các trường học"
    )
    officer = models.ForeignKey("people.Position", models.PROTECT, null=True, blank=True, related_name="+")
    leader = models.CharField(max_length=200, blank=True, help_text="who directs the work, as the text names them")
    due_kind = models.CharField(max_length=10, choices=DueKind.choices)
    due_text = models.CharField(max_length=200, help_text="the words as written")
    due_on = models.DateField(null=True, blank=True, help_text="last day in term, extensions included")
    first_due_on = models.DateField(null=True, blank=True)
    cycle = models.CharField(max_length=8, blank=True, help_text="WEEK, MONTH, QUARTER, HALF, YEAR of a recurring task")
    deliverable = models.CharField(max_length=300, blank=True)
    indicator = models.ForeignKey(
        "indicators.Indicator", models.PROTECT, null=True, blank=True, related_name="+", help_text="what it is to move"
    )
    binds_on = models.DateField(null=True, blank=True, help_text="null = planned: its conclusion has no notice yet")
    taken_up_at = models.DateTimeField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    proposed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True, help_text="the day the lead proposed it, once confirmed")
    called_off_at = models.DateTimeField(null=True, blank=True)
    fold = models.TextField(blank=True)

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "id"]
        indexes = [
            models.Index(fields=["lead", "due_on"], name="task_lead"),
            models.Index(fields=["assigned_by", "due_on"], name="task_assigner"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(lead__isnull=False) | Q(has_parts=True), name="task_one_lead"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, completed_on__isnull=True)
                | Q(confirmed_at__isnull=False, completed_on__isnull=False),
                name="task_completed_if_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__isnull=False, document__isnull=False, start__lt=F("end")),
                name="task_sentence",
            ),
            models.CheckConstraint(
                condition=Q(due_kind__in=["CONTINUOUS", "EVENT", "RECURRING"]) | Q(due_on__isnull=False),
                name="task_dated",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="task_percent"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("work:task", args=[self.pk])

    @property
    def dates(self) -> Dates:
        return Dates(self.due_on, self.completed_on)


class Passage(models.Model):
    """One more passage of the document that says the same work; the first stands on the task itself."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="passages")
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    start = models.PositiveIntegerField(help_text="offset in the document's text")
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["document_id", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="passage_not_empty"),
            models.UniqueConstraint(fields=["task", "document", "start"], name="passage_once"),
        ]


class Partner(models.Model):
    """A unit that works with the lead; it has its own part and its own answer."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="partners")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    part = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True, blank=True, help_text="null = the task's own day")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["task", "unit"], name="partner_once")]

    @property
    def answer_by(self) -> date | None:
        """Its own day, else the task's."""
        return self.due_on or self.task.due_on

    def days_late(self, on: date) -> int:
        """Days that the answer has been awaited beyond its day; 0 once it is there."""
        if self.answered_at is not None or self.answer_by is None:
            return 0
        return max(0, (on - self.answer_by).days)


class Progress(models.Model):
    """The task's diary: notes of the lead, and what was decided about it."""

    class Kind(models.TextChoices):
        TAKEN_UP = "TAKEN_UP", _("Taken up")
        NOTE = "NOTE", _("Progress")
        PROPOSED = "PROPOSED", _("Reported as done")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        SENT_BACK = "SENT_BACK", _("Sent back to the lead")
        REMINDED = "REMINDED", _("Reminded")
        EVENT = "EVENT", _("The event occurred")
        CALLED_OFF = "CALLED_OFF", _("Called off")
        PASSED_ON = "PASSED_ON", _("Passed on")
        REWORDED = "REWORDED", _("Reworded")
        DRAFTED = "DRAFTED", _("New version of the draft")
        COMMENTING = "COMMENTING", _("Comments asked for")
        SUBMITTED = "SUBMITTED", _("Submitted for signature")
        ISSUED = "ISSUED", _("Issued")
        HANDED = "HANDED", _("Handed down")
        REPORT = "REPORT", _("Periodic report")
        DUTY = "DUTY", _("Reporting rhythm set")
        REPLIED = "REPLIED", _("Answer to the request")

    task = models.ForeignKey(Task, models.CASCADE, related_name="diary")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NOTE)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]


class TaskReply(models.Model):
    """The answer of a unit that was asked (đề nghị), not ordered: it takes the work on, or says why it does not."""

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="reply")
    accepted = models.BooleanField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)


class Evidence(models.Model):
    """What proves a note. A later one may replace an earlier one; both are kept."""

    progress = models.ForeignKey(Progress, models.CASCADE, related_name="evidence")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", help_text="the version before"
    )
    text = models.CharField(max_length=500, blank=True)
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=255, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)


class Extension(models.Model):
    """Asked by the lead before the due day, decided by the assigner; every date is kept."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="extensions")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    reason = models.TextField()
    from_on = models.DateField()
    to_on = models.DateField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    granted = models.BooleanField(null=True)
    granted_on = models.DateField(null=True, blank=True, help_text="the new date; it may be earlier than the one asked")
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="extension_later"),
            models.UniqueConstraint(fields=["task"], condition=Q(granted__isnull=True), name="extension_one_open"),
        ]
