"""What a quick round adds to a round: questions in plain words, an hour at which it closes, answers through a link."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class QuickRound(models.Model):
    """One quick round; the units it asks and their figures lie in its round."""

    round = models.OneToOneField("indicators.Round", on_delete=models.PROTECT, related_name="quick")
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    template = models.SlugField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="closed before its time")
    by_link = models.BooleanField(default=False, help_text="each unit has a link that answers without signing in")
    hours = models.PositiveSmallIntegerField()
    repeat_until = models.DateField(null=True, blank=True, help_text="asked again every working day up to this one")
    repeats = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeated")

    class Meta:
        ordering = ["-opened_at", "-id"]

    def __str__(self) -> str:
        return self.title


class QuickQuestion(models.Model):
    """One question: a number, or yes (1) and no (0), kept in a cell of its own."""

    quick = models.ForeignKey(QuickRound, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    cell = models.ForeignKey("indicators.Cell", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=200)
    unit = models.CharField(max_length=40, blank=True)
    yes_no = models.BooleanField(default=False)
    element = models.CharField(max_length=60, blank=True, help_text="element of the catalogue it was picked from")

    class Meta:
        ordering = ["quick", "order"]
        constraints = [
            models.UniqueConstraint(fields=["quick", "order"], name="question_order_once"),
            models.CheckConstraint(condition=~Q(text=""), name="question_has_words"),
        ]

    def __str__(self) -> str:
        return self.text


class LinkAnswer(models.Model):
    """A submission that came through a unit's link, with the name its writer gave."""

    quick = models.ForeignKey(QuickRound, on_delete=models.CASCADE, related_name="link_answers")
    submission = models.OneToOneField("indicators.Submission", on_delete=models.PROTECT, related_name="by_link")
    name = models.CharField(max_length=120)
    at = models.DateTimeField()
