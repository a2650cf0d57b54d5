"""Requests (kiến nghị, đề xuất): who asks whom, by when an answer is due, what was answered, is the asker satisfied."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from giaoban.work.models.meetings import Contribution, Meeting


class Request(models.Model):
    """One unit asks another for something and waits for an answer."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("To be answered")
        ANSWERED = "ANSWERED", _("Answered, to be judged")
        SATISFIED = "SATISFIED", _("Asker satisfied")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="who asks")
    to = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="who is asked")
    text = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    due_on = models.DateField(null=True, blank=True, help_text="answer by this day")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="requests")
    contribution = models.OneToOneField(Contribution, models.PROTECT, null=True, blank=True, related_name="request")
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    start = models.PositiveIntegerField(null=True, blank=True, help_text="offset of the sentence in the document")
    end = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    times = models.PositiveIntegerField(default=1, help_text="how often it was asked: repeats and reopenings counted")
    closed_at = models.DateTimeField(null=True, blank=True)
    fold = models.TextField(blank=True)

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "id"]
        indexes = [
            models.Index(fields=["to", "state", "due_on"], name="request_to"),
            models.Index(fields=["unit", "state"], name="request_from"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(unit=F("to")), name="request_of_another"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__isnull=False, document__isnull=False, start__lt=F("end")),
                name="request_sentence",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "ANSWERED"], closed_at__isnull=True)
                | Q(state__in=["SATISFIED", "WITHDRAWN"], closed_at__isnull=False),
                name="request_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:120]

    def get_absolute_url(self) -> str:
        return reverse("work:request", args=[self.pk])


class Reply(models.Model):
    """One answer to a request, and what the asker said to it. An answer that did not satisfy stays."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="replies")
    text = models.TextField()
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    satisfied = models.BooleanField(null=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.CharField(max_length=200, blank=True)
    judgement = models.TextField(blank=True, help_text="why it did not satisfy")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(satisfied=False) | ~Q(judgement=""), name="reply_reopened_with_reason"),
            models.UniqueConstraint(fields=["request"], condition=Q(satisfied__isnull=True), name="reply_one_open"),
        ]
