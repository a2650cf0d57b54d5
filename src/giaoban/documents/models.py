"""Documents, who they are addressed to, and how they follow from one another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from giaoban.core.text import slug
from giaoban.documents import types


class Direction(models.TextChoices):
    IN = "IN", _("Incoming")
    OUT = "OUT", _("Outgoing")


class System(models.TextChoices):
    STATE = "state", _("State document")
    PARTY = "party", _("Party document")


class Urgency(models.TextChoices):
    """Phụ lục I of NĐ 30/2020, cell 10b."""

    NORMAL = "", _("Normal")
    URGENT = "KHAN", _("Urgent (Khẩn)")
    VERY_URGENT = "THUONG_KHAN", _("Very urgent (Thượng khẩn)")
    EXPRESS = "HOA_TOC", _("Express (Hỏa tốc)")


class RelationKind(models.TextChoices):
    IMPLEMENTS = "implements", _("implements")
    AMENDS = "amends", _("amends")
    REPLACES = "replaces", _("replaces")
    CITES = "cites", _("cites")
    REPORTS_ON = "reports_on", _("reports on")


class Document(models.Model):
    """One line of a unit's register. Two units that keep the same document have one line each, with one `key`."""

    owner_unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    system = models.CharField(max_length=5, choices=System.choices, default=System.STATE)
    type = models.CharField(max_length=8, blank=True, help_text="code of types.csv; blank = công văn")
    number = models.PositiveIntegerField(null=True, help_text="without leading zeros; null = not numbered yet")
    symbol = models.CharField(max_length=60, blank=True, help_text="as written: 157/KH-SCT, 29-NQ/TW")
    key = models.CharField(max_length=120, blank=True, db_index=True)
    issued_on = models.DateField(null=True, help_text="null = a draft, not issued yet")
    issuer_unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    issuer_text = models.CharField(max_length=200, help_text="as printed on the document")
    subject = models.CharField(max_length=500)
    signer = models.CharField(max_length=100, blank=True)
    signer_title = models.CharField(max_length=100, blank=True)
    urgency = models.CharField(max_length=12, choices=Urgency.choices, blank=True, default="")
    recipients_text = models.TextField(blank=True, help_text="nơi nhận as printed")
    pages = models.PositiveIntegerField(null=True, blank=True)
    arrival_number = models.PositiveIntegerField(null=True, blank=True, help_text="số đến, yearly per register")
    received_on = models.DateField(null=True, blank=True)
    reply_due_on = models.DateField(null=True, blank=True)
    plan_due_on = models.DateField(null=True, blank=True, help_text="when the units addressed must have their own plan")
    text = models.TextField(blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    fold = models.TextField(blank=True, help_text="symbol, issuer, subject, signer and text without accents")
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["-issued_on", "-id"]
        indexes = [
            models.Index(fields=["owner_unit", "direction", "-issued_on"], name="document_register"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(direction="IN") | Q(received_on__isnull=False), name="document_in_received"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} {self.subject}".strip()[:200]

    def get_absolute_url(self) -> str:
        return reverse("documents:document", args=[self.pk, slug(self.symbol or self.subject)[:60] or "van-ban"])

    @property
    def type_name(self) -> str:
        return types.name(self.system, self.type)

    @property
    def label(self) -> str:
        """How text names it: "Kế hoạch số 157/KH-SCT ngày 05/9/2026" (a comma before "ngày" in Party style)."""
        if not self.symbol or self.issued_on is None:
            return f"Dự thảo {self.type_name.lower()}"
        day = f"{self.issued_on.day:02d}/{self.issued_on.month}/{self.issued_on.year}"
        return f"{self.type_name} số {self.symbol}{',' if self.system == System.PARTY else ''} ngày {day}"


class Addressee(models.Model):
    """A unit to which the document goes; `must_issue` = it must issue a plan of its own."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="addressees")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    must_issue = models.BooleanField(default=False)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=200, blank=True)
    arrival_number = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "unit"], name="addressee_once")]


class Relation(models.Model):
    """`source` (the later, lower document) implements, amends, replaces, cites or reports on `target`."""

    source = models.ForeignKey(Document, models.CASCADE, related_name="relations_out")
    target = models.ForeignKey(Document, models.PROTECT, related_name="relations_in")
    kind = models.CharField(max_length=12, choices=RelationKind.choices)
    clause = models.CharField(max_length=200, blank=True, help_text="clause of the target: Điều 3, mục II.2 …")
    basis = models.TextField(blank=True, help_text="the words of the source that name the target")
    from_on = models.DateField(null=True, blank=True, help_text="date of effect of amends, replaces")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind", "clause"], name="relation_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="relation_not_self"),
        ]
