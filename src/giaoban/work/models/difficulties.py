"""Difficulties and shortcomings: whose, why, what helps; said again they are counted, closed by a task or an answer."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from giaoban.work.models.meetings import Contribution, Meeting
from giaoban.work.models.tasks import Task


class Difficulty(models.Model):
    class Kind(models.TextChoices):
        DIFFICULTY = "DIFFICULTY", _("Difficulty")
        SHORTCOMING = "SHORTCOMING", _("Shortcoming")

    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.DIFFICULTY)
    host = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="who deals with it")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="who has it")
    text = models.TextField()
    cause = models.TextField(blank=True)
    measure = models.TextField(blank=True, help_text="what is proposed")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="difficulties")
    fold = models.CharField(max_length=500, help_text="its words without marks: the same words are the same difficulty")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["host", "closed_at"], name="difficulty_host")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(task__isnull=False) | ~Q(answer=""), name="difficulty_closed_by"
            ),
            models.UniqueConstraint(
                fields=["host", "unit", "fold"], condition=Q(closed_at__isnull=True), name="difficulty_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:120]

    def get_absolute_url(self) -> str:
        return reverse("work:difficulty", args=[self.pk])


class Saying(models.Model):
    """One time that a difficulty was said, and in which words."""

    difficulty = models.ForeignKey(Difficulty, models.CASCADE, related_name="sayings")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="+")
    contribution = models.OneToOneField(Contribution, models.PROTECT, null=True, blank=True, related_name="saying")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["at", "id"]
