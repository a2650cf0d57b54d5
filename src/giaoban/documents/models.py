"""Documents, who they are addressed to, and how they follow from one another."""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from giaoban.core.text import slug
from giaoban.documents import types
from giaoban.documents.carrying import Attendance as Attendance
from giaoban.documents.carrying import GivenNumber as GivenNumber
from giaoban.documents.carrying import Handling as Handling
from giaoban.documents.carrying import Line as Line
from giaoban.documents.carrying import OwnCounter as OwnCounter
from giaoban.documents.carrying import Study as Study


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
    REPEALS = "repeals", _("repeals")
    LEGAL_BASIS = "legal_basis", _("is based on")
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
    effective_on = models.DateField(null=True, blank=True, help_text="null = in force from the day of issue")
    expires_on = models.DateField(null=True, blank=True, help_text="the day after the last day it says it is in force")
    issuer_unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    issuer_text = models.CharField(max_length=200, help_text="as printed on the document")
    subject = models.CharField(max_length=500)
    signer = models.CharField(max_length=100, blank=True)
    signer_title = models.CharField(max_length=100, blank=True)
    urgency = models.CharField(max_length=12, choices=Urgency.choices, blank=True, default="")
    recipients_text = models.TextField(blank=True, help_text="nơi nhận as printed")
    pages = models.PositiveIntegerField(null=True, blank=True)
    language = models.CharField(max_length=30, blank=True, default="", help_text="blank = Vietnamese")
    copies = models.PositiveIntegerField(null=True, blank=True, help_text="copies issued")
    case_code = models.CharField(max_length=60, blank=True, default="", help_text="mã hồ sơ: the file it lies in")
    case_ordinal = models.PositiveIntegerField(null=True, blank=True, help_text="its place in that file")
    remark = models.CharField(max_length=500, blank=True, default="", help_text="ghi chú")
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
            models.Index(fields=["system", "type", "-issued_on"], name="document_of_type"),
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
    due_on = models.DateField(null=True, blank=True, help_text="the earliest day any of its lines sets for its plan")
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
    from_on = models.DateField(null=True, blank=True, help_text="date of effect of amends, replaces, repeals")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind", "clause"], name="relation_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="relation_not_self"),
        ]


class QuotedFigure(models.Model):
    """A figure in a document's text, said by a person to be one indicator's or one element's for a unit and a period.

    It is never changed: it can only be withdrawn, and attached anew. The catalogue of figures lies in a room above, so
    what it is a figure of stands here by its permanent name; `desk.comparing` sees to it that the name is known.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="quoted")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField(help_text="the passage, word for word")
    indicator = models.CharField(max_length=60, blank=True, help_text="its code")
    element = models.CharField(max_length=240, blank=True, help_text="element or element[dimension=member,…]")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    period_code = models.CharField(max_length=32)
    numerator = models.BigIntegerField(
        help_text="of the value as said, the plain ratio or count: 52,11 % is 5211/10000"
    )
    denominator = models.BigIntegerField(default=1)
    places = models.PositiveSmallIntegerField(default=0, help_text="decimals printed in the text")
    measure = models.CharField(max_length=60, blank=True, help_text="its unit as said: %, học sinh")
    part = models.BigIntegerField(null=True, blank=True, help_text="a of the a/b in the text")
    whole = models.BigIntegerField(null=True, blank=True, help_text="b of the a/b in the text")
    attached_at = models.DateTimeField()
    attached_by = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    attached_name = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_name = models.CharField(max_length=200, blank=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        ordering = ["document", "start", "pk"]
        indexes = [models.Index(fields=["indicator", "unit", "period_code"], name="quoted_of_indicator")]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="quoted_passage"),
            models.CheckConstraint(condition=Q(denominator__gt=0), name="quoted_denominator_positive"),
            models.CheckConstraint(
                condition=Q(indicator="") & ~Q(element="") | ~Q(indicator="") & Q(element=""), name="quoted_of_one"
            ),
            models.UniqueConstraint(
                fields=["document", "start", "indicator", "element", "unit", "period_code"],
                condition=Q(withdrawn_at__isnull=True),
                name="quoted_once",
            ),
        ]

    @property
    def value(self) -> Fraction:
        """In the measure of the indicator: 52,11 % is 5211/10000."""
        return Fraction(self.numerator, self.denominator)


class KeptReading(models.Model):
    """A text being read: whatever was decided of it waits here for whoever of the unit goes on, on any device."""

    token = models.CharField(max_length=24, unique=True)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="whose people may go on with it")
    document = models.ForeignKey(
        Document, models.CASCADE, null=True, blank=True, related_name="readings", help_text="once it is registered"
    )
    name = models.CharField(max_length=300, help_text="what lists call it: its subject, or its first words")
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, blank=True, help_text="txt, html, docx, pdf, scan, xlsx; blank = pasted")
    pages = models.PositiveIntegerField(null=True, blank=True)
    rows = models.JSONField(null=True, blank=True, help_text="rows of an assignment annex, each with its passage")
    notes = models.JSONField(default=list, blank=True, help_text="what opening the file had to leave out")
    file_name = models.CharField(max_length=255, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    line = models.JSONField(default=dict, blank=True, help_text="the line of the register as far as it was typed")
    job_id = models.BigIntegerField(null=True, blank=True, help_text="the job that still reads its scanned pages")
    begun_by = models.CharField(max_length=200)
    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True, help_text="when what was accepted became tasks")
    adopted_no = models.PositiveIntegerField(default=0, help_text="decisions up to this number were carried out")

    class Meta:
        ordering = ["-touched_at", "-id"]
        indexes = [models.Index(fields=["unit", "text_hash"], name="reading_of_text")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("desk:read-result", args=[self.token])


class ReadingDecision(models.Model):
    """What one person decided of one proposal. Rows are only added; undoing one marks it, so nobody's work is lost."""

    class What(models.TextChoices):
        ACCEPT = "accept", _("accepted")
        REJECT = "reject", _("rejected")
        REOPEN = "reopen", _("taken back")
        EDIT = "edit", _("changed")
        SPLIT = "split", _("split")
        MERGE = "merge", _("merged")

    reading = models.ForeignKey(KeptReading, models.CASCADE, related_name="decisions")
    no = models.PositiveIntegerField(help_text="the version of the reading that this decision made")
    batch = models.PositiveIntegerField(help_text="decisions of one move bear one batch and are undone together")
    key = models.CharField(max_length=60, help_text="kind and passage of the proposal: V:120-180")
    what = models.CharField(max_length=8, choices=What.choices)
    data = models.JSONField(default=dict, blank=True)
    account_id = models.BigIntegerField(null=True, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["no"]
        constraints = [models.UniqueConstraint(fields=["reading", "no"], name="reading_decision_no")]
