"""What tasks keep of the table they were taken in from, and how tables of other layouts are read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from giaoban.work.models.tasks import Task


class TableKind(models.TextChoices):
    ANNEX = "annex", _("Assignment annex")
    TRACKING = "tracking", _("Tracking sheet of the superior level")


class TableLayout(models.Model):
    """Which column is what, as somebody of a unit pointed it out once; asked by the names of the columns."""

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=TableKind.choices)
    signature = models.CharField(max_length=64, help_text="of the names of the columns, in their order")
    columns = models.JSONField(help_text="{what it holds: its place, counted from 0}")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "signature"], name="table_layout_once"),
        ]


class TableRow(models.Model):
    """The row of a table that became this task. A task of a tracking sheet was given by the superior on that sheet."""

    task = models.OneToOneField(Task, models.CASCADE, related_name="table_row")
    kind = models.CharField(max_length=8, choices=TableKind.choices)
    no = models.CharField(max_length=40, blank=True)
    section = models.CharField(max_length=500, blank=True, help_text="the heading above it: I. Công tác chuyên môn")
    file_name = models.CharField(max_length=255)
    taken_at = models.DateTimeField()
