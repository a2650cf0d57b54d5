"""What is counted: elements, their cells, indicators with dated formulas, targets, and the sheets that ask for them."""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import Q


class OverUnits(models.TextChoices):
    """How an element goes up the tree. A printed rate without its counts is shown and never rolled up."""

    SUM = "sum", "sum"
    NONE = "none", "none"


class Direction(models.TextChoices):
    """Which way is good."""

    UP = "up", "up"
    DOWN = "down", "down"
    NONE = "none", "none"


class Severity(models.TextChoices):
    HARD = "hard", "hard"
    WARNING = "warning", "warning"


class Dimension(models.Model):
    """A closed list by which elements are split: sex, grade, level, ownership."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="members")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["dimension", "order", "code"]
        constraints = [models.UniqueConstraint(fields=["dimension", "code"], name="member_once_in_a_dimension")]

    def __str__(self) -> str:
        return self.name


class Element(models.Model):
    """Something counted. Values are integers in the element's smallest unit: printed value = stored / 10**scale."""

    code = models.SlugField(primary_key=True, max_length=60)
    name = models.CharField(max_length=300)
    unit = models.CharField(max_length=60, help_text="học sinh, trường, đồng, %")
    stock = models.BooleanField(help_text="a count on the data day, never added over time; otherwise a flow")
    over_units = models.CharField(max_length=8, choices=OverUnits, default=OverUnits.SUM)
    scale = models.PositiveSmallIntegerField(default=0, help_text="decimal places kept in the stored integer")
    group = models.CharField(max_length=120, blank=True, help_text="subject under which the catalogue lists it")
    definition = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="legal or official source, with its code there")
    official_code = models.CharField(max_length=40, blank=True)
    code_system = models.CharField(max_length=60, blank=True, help_text="whose code it is: TT 19/2017/TT-BGDĐT")
    retired = models.BooleanField(default=False, help_text="no new sheet may ask it; what was reported stays")
    dimensions = models.ManyToManyField(Dimension, blank=True, related_name="elements")
    fold = models.CharField(max_length=400, editable=False, help_text="name and code without marks, for search")

    class Meta:
        ordering = ["group", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(scale__lte=9), name="element_scale_small"),
            models.CheckConstraint(condition=Q(over_units__in=OverUnits.values), name="element_over_units_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Cell(models.Model):
    """An element with one member of each of its dimensions: the permanent number figures are kept under."""

    id = models.AutoField(primary_key=True)
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="cells")
    key = models.CharField(max_length=240, unique=True, help_text="element or element[dimension=member,…], sorted")
    members = models.JSONField(default=dict, help_text="{dimension code: member code}")
    label = models.CharField(max_length=400)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label


class Indicator(models.Model):
    """A quantity computed from cells. Its value is the plain ratio or count: 52,11 % is kept as 0.5211."""

    code = models.SlugField(primary_key=True, max_length=60)
    name = models.CharField(max_length=300)
    unit = models.CharField(max_length=60, help_text="% (shown × 100), học sinh, học sinh/lớp …")
    places = models.PositiveSmallIntegerField(default=2, help_text="decimals printed, half up")
    direction = models.CharField(max_length=8, choices=Direction, default=Direction.NONE)
    group = models.CharField(max_length=120, blank=True)
    definition = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    official_code = models.CharField(max_length=40, blank=True)
    code_system = models.CharField(max_length=60, blank=True, help_text="whose code it is: TT 19/2017/TT-BGDĐT")
    retired = models.BooleanField(default=False, help_text="not offered any more; its answers stay")
    fold = models.CharField(max_length=400, editable=False)

    class Meta:
        ordering = ["group", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="indicator_direction_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_percent(self) -> bool:
        return self.unit == "%"


class FormulaVersion(models.Model):
    """How an indicator is computed from a day on; it holds until the next version's start (row 26 of peers)."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="formulas")
    start = models.DateField()
    expression = models.TextField(help_text="over cell keys; an element without brackets is the sum of its cells")
    tree = models.JSONField(help_text="the expression as published, core.formula.to_json")
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["indicator", "start"]
        constraints = [models.UniqueConstraint(fields=["indicator", "start"], name="formula_start_once")]


class Target(models.Model):
    """What a document asks of a unit in a period. A change is a new row with the next `no`; the highest holds."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="targets")
    period_code = models.CharField(max_length=32)
    no = models.PositiveSmallIntegerField(default=1)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(default=1)
    document = models.ForeignKey(
        "documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="targets"
    )
    sentence = models.TextField(blank=True, help_text="the sentence of the document, word for word")
    withdrawn = models.BooleanField(default=False)
    shared_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts", help_text="the target above it"
    )

    class Meta:
        ordering = ["indicator", "unit", "period_code", "no"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit", "period_code", "no"], name="target_version_once"),
            models.CheckConstraint(condition=Q(denominator__gt=0), name="target_denominator_positive"),
        ]

    @property
    def value(self) -> Fraction:
        """In the measure of the indicator: 46 % is 46/100."""
        return Fraction(self.numerator, self.denominator)


class Sheet(models.Model):
    """A form: the lines it asks and the rules between them. It is frozen once a round uses it."""

    code = models.SlugField(primary_key=True, max_length=60)
    name = models.CharField(max_length=300)
    kinds = models.ManyToManyField("orgs.Kind", blank=True, related_name="sheets", help_text="kinds of unit asked")
    source = models.CharField(max_length=300, blank=True)
    change_percent = models.PositiveSmallIntegerField(default=30, help_text="a larger change against before is shown")
    change_least = models.PositiveIntegerField(default=5, help_text="… when it is at least so much")
    retired = models.BooleanField(default=False)
    supersedes = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
        help_text="the form before",
    )
    checks = models.JSONField(
        default=dict, blank=True, help_text="bounds of unusual values; queries.findings says which"
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class SheetLine(models.Model):
    """One line: a cell typed here (`owns`), a cell of another sheet shown, or a computed total (`expression`)."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="lines")
    order = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=200, blank=True)
    cell = models.ForeignKey(Cell, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    expression = models.TextField(blank=True)
    label = models.CharField(max_length=400, blank=True, help_text="the form's own words; empty takes the cell's")
    unit = models.CharField(max_length=60, blank=True, help_text="of a computed line; % is shown × 100")
    help = models.CharField(max_length=400, blank=True)
    level = models.PositiveSmallIntegerField(default=0, help_text="indent: 1 for 'of which'")
    owns = models.BooleanField(default=True)
    required = models.BooleanField(default=True, help_text="empty only with an explanation")
    kinds = models.JSONField(default=list, blank=True, help_text="kinds of unit asked this line; empty for all")
    retired = models.BooleanField(default=False, help_text="the sheet is retired: another may own the cell")

    class Meta:
        ordering = ["sheet", "order"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "order"], name="line_order_once"),
            models.UniqueConstraint(fields=["sheet", "cell"], name="cell_once_in_a_sheet"),
            models.UniqueConstraint(
                fields=["cell"], condition=Q(owns=True, retired=False), name="one_sheet_owns_a_cell"
            ),
            models.CheckConstraint(
                condition=(Q(cell__isnull=False) & Q(expression=""))
                | (Q(cell__isnull=True) & ~Q(expression="") & Q(owns=False)),
                name="line_is_a_cell_or_a_total",
            ),
        ]

    @property
    def words(self) -> str:
        return self.label or (self.cell.label if self.cell_id else "")


class SheetRule(models.Model):
    """A relation that must hold (hard: or be explained) or should hold (warning), with the sentence a person reads."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="rules")
    order = models.PositiveSmallIntegerField()
    expression = models.TextField()
    tree = models.JSONField(help_text="core.formula.to_json")
    sentence = models.CharField(max_length=400)
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.HARD)

    class Meta:
        ordering = ["sheet", "order"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "order"], name="rule_order_once"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="rule_severity_known"),
        ]


class Edition(models.Model):
    """A text of the catalogue as it was published: of an element, an indicator, a dimension or a sheet. Append-only.

    The first one says whose it is: what a unit published is changed by those who manage sheets there; what came with
    the product (no unit) by the offices of the province.
    """

    kind = models.CharField(max_length=12, help_text="element, indicator, dimension, sheet")
    code = models.CharField(max_length=60)
    no = models.PositiveIntegerField()
    at = models.DateTimeField()
    unit = models.ForeignKey("orgs.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=200)
    actor_title = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    data = models.JSONField(help_text="the whole text, as the file of the catalogue holds it")

    class Meta:
        ordering = ["kind", "code", "-no"]
        constraints = [models.UniqueConstraint(fields=["kind", "code", "no"], name="edition_no_once")]


class SheetDraft(models.Model):
    """A sheet being built in the browser: nobody is asked anything by it until it is published."""

    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", help_text="for whom it is built")
    code = models.SlugField(max_length=60, unique=True, help_text="of the sheet it becomes")
    sheet = models.ForeignKey(
        Sheet, null=True, blank=True, on_delete=models.CASCADE, related_name="+", help_text="published, not yet used"
    )
    supersedes = models.ForeignKey(
        Sheet,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="retired when it is published",
    )
    publish_on = models.DateField(null=True, blank=True, help_text="the day from which it is to hold")
    data = models.JSONField(help_text="name, source, kinds, bounds, sections, lines, rules")
    version = models.PositiveIntegerField(default=0, help_text="moves with each change: a stale page is refused")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=300)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=300)

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return str(self.data.get("name") or self.code)
