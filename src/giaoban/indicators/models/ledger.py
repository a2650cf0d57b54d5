"""The ledger: every change of what counts, as a difference. What counts for a key is the sum of its effects."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

REPORT_SERIES = "report"


class Series(models.Model):
    """Where figures come from: "report" (rounds of this system) or an outside source such as "gso". Never added up."""

    code = models.SlugField(primary_key=True, max_length=20)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return self.name


class Effect(models.Model):
    """First value (+v, +1), replacement (new − old, 0), withdrawal (−v, −1). `seq` follows the order of commits."""

    seq = models.BigAutoField(primary_key=True)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    period_code = models.CharField(max_length=32)
    cell = models.ForeignKey("indicators.Cell", on_delete=models.PROTECT, related_name="+")
    value_delta = models.BigIntegerField()
    present_delta = models.SmallIntegerField()
    submission = models.ForeignKey(
        "indicators.Submission", null=True, blank=True, on_delete=models.PROTECT, related_name="effects"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.CheckConstraint(condition=Q(present_delta__in=[-1, 0, 1]), name="effect_presence_step"),
            models.CheckConstraint(condition=~Q(value_delta=0, present_delta=0), name="effect_changes_something"),
        ]
        indexes = [models.Index(fields=["series", "period_code", "unit", "cell"], name="effect_key")]
