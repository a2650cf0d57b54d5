"""The work programme of a month or a year: what is to be drafted, held or checked, by whom, until when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ProgrammeItem(models.Model):
    """One item. Adopted with its programme it becomes a task; what is called off stays, with its reason."""

    class Kind(models.TextChoices):
        DOCUMENT = "DOCUMENT", _("Document to be drafted")
        PROJECT = "PROJECT", _("Project or scheme")
        MEETING = "MEETING", _("Conference")
        CHECK = "CHECK", _("Check")
        OTHER = "OTHER", _("Other work")

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="whose programme it is")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.DOCUMENT)
    title = models.CharField(max_length=500)
    lead = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="who drafts")
    partners_text = models.CharField(max_length=300, blank=True)
    decided_by = models.CharField(max_length=200, blank=True, help_text="who signs or decides, as written")
    due_on = models.DateField()
    late_entry = models.BooleanField(default=False, help_text="entered after the programme was adopted")
    basis = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    task = models.OneToOneField("work.Task", models.PROTECT, null=True, blank=True, related_name="programme_item")
    entered_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["unit", "year", "due_on"], name="programme_of_unit")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="programme_title"),
            models.CheckConstraint(condition=Q(due_on__year=models.F("year")), name="programme_in_its_year"),
            models.CheckConstraint(
                condition=Q(called_off_at__isnull=True) | ~Q(reason=""), name="programme_off_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Adoption(models.Model):
    """A programme that binds: of the whole year (`month` null) or of one month."""

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField(null=True, blank=True)
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=200)
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "month"], name="adoption_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12), name="adoption_month"
            ),
        ]
