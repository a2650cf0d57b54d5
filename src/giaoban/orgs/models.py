"""Tables of the units. Truth is in the dated rows; Snapshot and Closure are derived from them (decision 0003)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

TERRITORY = "TERRITORY"
MANAGEMENT = "MANAGEMENT"
PROFESSIONAL = "PROFESSIONAL"
PARTY = "PARTY"

COUNTRY_ID = 1  # the unit "Việt Nam", root of TERRITORY and MANAGEMENT


class Kind(models.Model):
    """What sort of unit it is. Data: the rows come from `catalogue/kinds.toml`."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=120)
    short = models.CharField(max_length=40, blank=True, help_text="abbreviation used in documents, such as THCS")
    family = models.CharField(
        max_length=20, help_text="area, office, school, centre, party, union, board, place, group"
    )
    level = models.CharField(max_length=20, help_text="country, province, district, commune, school, place or group")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Hierarchy(models.Model):
    """One purpose for which units stand under one another. Data: `catalogue/hierarchies.toml`, and people's own."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=120)
    help = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Decision(models.Model):
    """The legal act that a dated row rests on. `note` says what is not certain about it, such as its effective day."""

    number = models.CharField(max_length=60)
    date = models.DateField(null=True)
    issuer = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=400, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number", "issuer"], name="decision_once")]

    def __str__(self) -> str:
        return self.number


class Change(models.Model):
    """One act upon the units: all that one verb, or one decree, wrote. It can be undone while nothing rests on it.

    `on` is the day it takes effect, in the past or to come. `steps` is what was asked (`decree.to_json`); `altered`
    says what stood before in rows written earlier that it changed in place, [table, row, {field: value}]; `unplaced`
    are the units below a divided one for which nobody has said yet where they go, [unit, hierarchy, [parts]]. Undoing
    moves the rows it wrote from their tables into `revoked`.
    """

    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="changes")
    on = models.DateField()
    title = models.CharField(max_length=400, blank=True)
    steps = models.JSONField(default=list)
    altered = models.JSONField(default=list)
    unplaced = models.JSONField(default=list)
    revoked = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=300, help_text="name and title, copied: it reads the same after a hand-over")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=300, blank=True)
    undone_why = models.TextField(blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | ~Q(undone_why=""), name="change_undone_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"


class Unit(models.Model):
    """Identity, and nothing else. Everything that may change is a dated row."""

    def __str__(self) -> str:
        latest = self.names.order_by("-start").first()
        return latest.name if latest else f"#{self.pk}"


class Dated(models.Model):
    """A row that holds from its start until the next row of the same thing starts."""

    start = models.DateField()
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")
    change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="%(class)s_rows")

    class Meta:
        abstract = True


class Existence(Dated):
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="existences")
    exists = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "start"], name="existence_once_a_day")]


class Name(Dated):
    """The name of the area or body, and of the body that governs the area: "Xã Bắc Hà", "UBND xã Bắc Hà"."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    body_name = models.CharField(max_length=240, blank=True)
    short_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "start"], name="name_once_a_day"),
            models.CheckConstraint(condition=~Q(name=""), name="name_not_empty"),
        ]


class Classing(Dated):
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="classings")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "start"], name="kind_once_a_day")]


class Code(Dated):
    """A code in a scheme: "gso" (Statistics Office), "moet" (school), "giaoban" (ours, where no official one is known).

    An empty code ends the one before it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="codes")
    scheme = models.CharField(max_length=20)
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "scheme", "start"], name="code_once_a_day")]
        indexes = [models.Index(fields=["code", "scheme"], name="code_lookup")]


class Link(Dated):
    """Under whom the unit stands in a hierarchy. Without a parent: not in this hierarchy from this day."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="links")
    hierarchy = models.ForeignKey(Hierarchy, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="child_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "hierarchy", "start"], name="link_once_a_day"),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("unit")), name="link_not_to_itself"),
        ]


class Lineage(models.Model):
    """What became of a merged or divided unit. Shares of one predecessor sum to one; `basis` says whence they are."""

    WHOLE, EQUAL, DECIDED = "whole", "equal", "decided"
    PUPILS, POPULATION, AREA = "pupils", "population", "area"

    predecessor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successor_rows")
    successor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="predecessor_rows")
    on = models.DateField()
    numerator = models.PositiveIntegerField(default=1)
    denominator = models.PositiveIntegerField(default=1)
    basis = models.CharField(
        max_length=20,
        choices=[
            (WHOLE, "trọn vẹn"),
            (EQUAL, "chia đều"),
            (DECIDED, "theo quyết định"),
            (PUPILS, "theo số học sinh"),
            (POPULATION, "theo dân số"),
            (AREA, "theo diện tích"),
        ],
        default=WHOLE,
    )
    main = models.BooleanField(default=True, help_text="the successor named first where a unit was divided")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")
    change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="lineage_rows")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="lineage_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="lineage_not_to_itself"),
            models.CheckConstraint(
                condition=Q(numerator__gt=0) & Q(numerator__lte=F("denominator")), name="lineage_share_up_to_one"
            ),
        ]

    @property
    def estimated(self) -> bool:
        """A share that no decision states was worked out from something else, whatever that was."""
        return self.basis not in (self.WHOLE, self.DECIDED)


class Attribute(models.Model):
    """A dated property of units, such as the zone (I, II, III) or "border commune". Data: `catalogue/attributes.toml`.

    `values` are the codes it may take with their names, in order: {"I": "Khu vực I", …}. What is not there is refused.
    Where `inherited`, a unit without a value of its own has that of the nearest unit above it in TERRITORY.
    """

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=120)
    values = models.JSONField(default=dict)
    inherited = models.BooleanField(default=True)
    source = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Holds(Dated):
    """The unit has this value of an attribute from a day on; an empty value ends it."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="attributes")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "attribute", "start"], name="attribute_once_a_day")]
        indexes = [models.Index(fields=["attribute", "value"], name="attribute_value")]


class Alias(models.Model):
    """Another way the unit is written: everywhere and on every day, or as confirmed by somebody, `near` their unit.

    A confirmed one holds for what is written from `since` on, is told from the others by `near`, and is withdrawn,
    never deleted. Several units confirmed for one text near one unit are meant together.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=200)
    fold = models.CharField(max_length=200, db_index=True, help_text="abbreviated as in Snapshot.canon")
    near = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "fold"], condition=Q(near__isnull=True), name="alias_once"),
            models.UniqueConstraint(
                fields=["unit", "fold", "near"], condition=Q(withdrawn_at__isnull=True), name="alias_once_near"
            ),
            models.CheckConstraint(
                condition=Q(near__isnull=True) | Q(since__isnull=False, confirmed_at__isnull=False),
                name="alias_near_since",
            ),
        ]


class Snapshot(models.Model):
    """Derived: a stretch [start, end) in which the unit exists and name, kind and codes stay the same.

    `code` is the Statistics Office's code, or else the unit's school code, or else ours. For search: `fold` is the name
    without accents, `canon` the same with the usual abbreviations ("thcs", "ubnd"), `bare` without an area's kind word.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="snapshots")
    start = models.DateField()
    end = models.DateField()
    name = models.CharField(max_length=200)
    body_name = models.CharField(max_length=240)
    short_name = models.CharField(max_length=120, blank=True)
    fold = models.CharField(max_length=200)
    canon = models.CharField(max_length=200)
    bare = models.CharField(max_length=200)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "start"], name="snapshot_once_a_day"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="snapshot_not_empty"),
        ]
        indexes = [
            models.Index(fields=["code"], name="snapshot_code"),
            models.Index(fields=["canon"], name="snapshot_canon"),
            models.Index(fields=["bare"], name="snapshot_bare"),
            models.Index(fields=["kind", "start"], name="snapshot_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class Closure(models.Model):
    """Derived: `ancestor` stood `depth` steps above `descendant` from start until end; depth 0 is the unit itself.

    No foreign keys in the database: the rows follow from Link, whose keys are checked, and there are many of them.
    """

    hierarchy = models.ForeignKey(
        Hierarchy, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    descendant = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    depth = models.PositiveSmallIntegerField()
    start = models.DateField()
    end = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hierarchy", "descendant", "ancestor", "start"], name="closure_once_a_day"),
        ]
        indexes = [models.Index(fields=["hierarchy", "ancestor", "depth", "start", "end"], name="closure_down")]
