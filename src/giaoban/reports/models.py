"""Reports being written and reports issued."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Being written")
    ISSUED = "issued", _("Issued")


class Report(models.Model):
    """One report. While a draft it is composed anew each time from what stands; once issued it never changes."""

    form = models.CharField(max_length=20, help_text="code of a form: so-ket, ket-luan")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="who reports")
    period_code = models.CharField(max_length=32, blank=True)
    meeting = models.ForeignKey("work.Meeting", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    words = models.JSONField(default=dict, help_text="{slot: own words}")
    number = models.PositiveIntegerField(null=True, blank=True)
    symbol = models.CharField(max_length=40)
    place = models.CharField(max_length=100)
    issued_on = models.DateField(null=True, blank=True)
    signing = models.TextField(help_text="powers and title, a line each")
    signer = models.CharField(max_length=100, blank=True)
    recipients = models.TextField(help_text="nơi nhận, a line each")
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.CharField(max_length=200, blank=True)
    figures_on = models.DateField(null=True, blank=True, help_text="the day the issued figures were asked on")
    title = models.CharField(max_length=400, blank=True)
    content = models.JSONField(null=True, blank=True, help_text="the issued document, files.official.to_json")
    file = models.BinaryField(null=True, blank=True, help_text="the issued DOCX")
    sha256 = models.CharField(max_length=64, blank=True)
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "unit", "period_code"],
                condition=Q(state="draft", meeting__isnull=True),
                name="one_draft_a_unit_and_period",
            ),
            models.UniqueConstraint(
                fields=["form", "meeting"],
                condition=Q(state="draft", meeting__isnull=False),
                name="one_draft_a_meeting",
            ),
            models.CheckConstraint(
                condition=~Q(period_code="") | Q(meeting__isnull=False), name="report_has_a_subject"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", file__isnull=True, sha256="")
                | (
                    Q(state="issued", file__isnull=False, number__isnull=False, issued_on__isnull=False) & ~Q(sha256="")
                ),
                name="issued_report_is_kept",
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="report_of_unit")]

    def __str__(self) -> str:
        return self.title or f"{self.form} #{self.pk}"
