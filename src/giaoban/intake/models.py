"""A table being taken in, what came of it, how such tables are read, and what names in them mean."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    LOADED = "loaded", _("Loaded")
    WITHDRAWN = "withdrawn", _("Taken back")


class Target(models.TextChoices):
    """Where the figures go: a series of another system, or the drafts of a round's reports."""

    SERIES = "series", _("A series of figures of another system")
    ROUND = "round", _("Drafts of the reports of a round")


class Layout(models.Model):
    """How tables with such a head are read: what was pointed at, kept for the next file. A change is a new version."""

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="whose layout it is")
    name = models.CharField(max_length=200)
    no = models.PositiveIntegerField(default=1)
    signature = models.CharField(max_length=64, db_index=True, help_text="of the head without its years")
    spec = models.JSONField(help_text="intake.spec.Spec as JSON, bound to labels and not to places")
    series = models.ForeignKey("indicators.Series", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=300)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "-no"]
        constraints = [models.UniqueConstraint(fields=["unit", "name", "no"], name="layout_version_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.no})"


class Intake(models.Model):
    """One file on its way in. The file lies in the store of kept files under its hash."""

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="for which office it is taken in")
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64, db_index=True)
    sheets = models.JSONField(default=list, help_text="[{name, rows, columns}]")
    sheet = models.CharField(max_length=200, blank=True)
    spec = models.JSONField(default=dict, help_text="what has been pointed at so far")
    layout = models.ForeignKey(Layout, models.SET_NULL, null=True, blank=True, related_name="intakes")
    target = models.CharField(max_length=8, choices=Target, default=Target.SERIES)
    series = models.ForeignKey("indicators.Series", models.PROTECT, null=True, blank=True, related_name="+")
    round = models.ForeignKey("indicators.Round", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    tried = models.JSONField(default=dict, help_text="what the last dry run said; empty when something changed since")
    result = models.JSONField(default=dict, help_text="what loading wrote")
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=300)
    loaded_at = models.DateTimeField(null=True, blank=True)
    loaded_by = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=300, blank=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="intake_state_known"),
            models.CheckConstraint(condition=Q(target__in=Target.values), name="intake_target_known"),
            models.CheckConstraint(
                condition=~Q(state=State.WITHDRAWN) | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why="")),
                name="intake_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class Loaded(models.Model):
    """One figure as a load wrote or marked it: from which cell of the file, and what stood there before."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="figures")
    series = models.ForeignKey("indicators.Series", models.PROTECT, related_name="+")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    period_code = models.CharField(max_length=32)
    cell = models.ForeignKey("indicators.Cell", models.PROTECT, related_name="+")
    value = models.BigIntegerField()
    before = models.BigIntegerField(null=True, blank=True)
    preliminary = models.BooleanField(default=False, help_text="printed as preliminary or estimated")
    address = models.CharField(max_length=20, help_text="the cell of the file: C12")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["intake", "unit", "period_code", "cell"], name="loaded_once_in_a_load")
        ]
        indexes = [models.Index(fields=["series", "period_code", "unit", "cell"], name="loaded_key")]


class Meaning(models.Model):
    """What a name in tables means, as a person confirmed it: a unit, or none (a total, a line that is no area)."""

    owner = models.ForeignKey("orgs.Unit", models.CASCADE, related_name="+", help_text="for which office it holds")
    text = models.CharField(max_length=200, help_text="as compared: without accents and punctuation")
    kind = models.CharField(max_length=8, help_text="unit, total or skip")
    unit = models.ForeignKey("orgs.Unit", models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "text"], name="meaning_once"),
            models.CheckConstraint(
                condition=Q(kind="unit", unit__isnull=False) | Q(kind__in=["total", "skip"], unit__isnull=True),
                name="meaning_unit_or_none",
            ),
        ]
