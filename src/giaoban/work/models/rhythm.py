"""Reporting by rhythm: a task may owe a report every week, month, quarter, half-year or year while it runs."""

from __future__ import annotations

from django.db import models

from giaoban.work.models.tasks import Progress, Task


class ReportDuty(models.Model):
    """When reports on a task are due. Which ones were expected is computed from it; only written ones are kept."""

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="report_duty")
    cycle = models.CharField(max_length=8, help_text="WEEK, MONTH, QUARTER, HALF, YEAR")
    words = models.CharField(max_length=200, help_text="as written: ngày 20 hằng tháng")
    starts_on = models.DateField()
    stopped_on = models.DateField(null=True, blank=True, help_text="from this day on nothing more is expected")
    set_by = models.CharField(max_length=200)


class CycleReport(models.Model):
    """One report of the rhythm; its words, figure and evidence are the diary's."""

    duty = models.ForeignKey(ReportDuty, models.CASCADE, related_name="reports")
    due_on = models.DateField()
    label = models.CharField(max_length=60, help_text="tháng 3/2026")
    progress = models.OneToOneField(Progress, models.PROTECT, related_name="cycle_report")

    class Meta:
        ordering = ["due_on"]
        constraints = [models.UniqueConstraint(fields=["duty", "due_on"], name="cycle_report_once")]
