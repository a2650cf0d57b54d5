"""A decree being prepared or done, and what it leaves for a person to decide."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPLIED = "applied", _("Applied")
    UNDONE = "undone", _("Undone")


class Reform(models.Model):
    """One decree. `parts` is what was entered, in order: {act, data, steps}, the steps as `orgs.decree.to_json`.

    `records` is what the other rooms wrote when it was applied, so that undoing can take it back; `summary` is what the
    page showed then. `followed_at` stays empty until the day of a decree for a day to come: open work passes on then.
    """

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="for whose units it was prepared")
    number = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=400)
    on = models.DateField(help_text="the first day of the new state")
    parts = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    change = models.OneToOneField("orgs.Change", models.PROTECT, null=True, blank=True, related_name="reform")
    records = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=300)
    changed_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.CharField(max_length=300, blank=True)
    followed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=300, blank=True)
    undone_why = models.TextField(blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="reform_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, change__isnull=True, applied_at__isnull=True)
                | (~Q(state=State.DRAFT) & Q(change__isnull=False, applied_at__isnull=False)),
                name="reform_applied_has_change",
            ),
            models.CheckConstraint(
                condition=(~Q(state=State.UNDONE) & Q(undone_at__isnull=True))
                | (Q(state=State.UNDONE, undone_at__isnull=False) & ~Q(undone_why="")),
                name="reform_undone_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def steps(self) -> list[dict[str, Any]]:
        """All steps of all parts, as JSON."""
        return [step for part in self.parts for step in part["steps"]]


class Kind(models.TextChoices):
    CHILD = "child", _("Where does this unit go?")
    LEADER = "leader", _("Who leads the new unit?")
    SEAT = "seat", _("Where does this position go?")
    GRANT = "grant", _("Over which part does this position keep its roles?")
    REPORT = "report", _("Who answers for the open reports?")
    TASK = "task", _("Who goes on with the open tasks?")
    MEETING = "meeting", _("Who holds the planned meetings?")
    DOCUMENT = "document", _("Who receives the documents not received yet?")


class Question(models.Model):
    """What no rule decides. `choices` are [value, words]; `objects` the numbers of the rows it is about."""

    reform = models.ForeignKey(Reform, models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=8, choices=Kind)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="the unit it is about")
    objects_of = models.JSONField(default=list)
    label = models.CharField(max_length=400)
    choices = models.JSONField(default=list)
    answer = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=300, blank=True)
    record = models.JSONField(default=dict)

    class Meta:
        ordering = ["reform", "kind", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="question_kind_known"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="question_answered_or_open",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def chosen(self) -> str:
        """The words of the answer."""
        return next((words for value, words in self.choices if value == self.answer), "")
