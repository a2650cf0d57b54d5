"""Asking and answering: rounds with their line of steps, reports, drafts, submissions, and where each cell stands."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Where(models.TextChoices):
    """Which unit carries out a step, seen from the reporting unit."""

    OWN = "own", "own"
    MANAGEMENT_PARENT = "management", "management parent"
    PROFESSIONAL_PARENT = "professional", "professional parent"
    OPENER = "opener", "opener of the round"
    UNIT = "unit", "a named unit"


class ReportState(models.TextChoices):
    """Derived from the cells of a report and kept beside it for lists; `queries.states.derive` says what is true."""

    EMPTY = "empty", "empty"
    DRAFT = "draft", "draft"
    SUBMITTED = "submitted", "submitted"
    RETURNED = "returned", "returned"
    ACCEPTED = "accepted", "accepted"
    LOCKED = "locked", "locked"


class SignedForm(models.TextChoices):
    """Whether a round also wants a signed copy, and in which form."""

    NONE = "none", "none"
    DIGITAL = "digital", "a digitally signed file"
    PAPER = "paper", "paper with seal"
    EITHER = "either", "a digitally signed file or paper with seal"


class CellState(models.TextChoices):
    SUBMITTED = "submitted", "submitted"
    RETURNED = "returned", "returned"
    ACCEPTED = "accepted", "accepted"
    WITHDRAWN = "withdrawn", "withdrawn"
    LOCKED = "locked", "locked"


class Signed(models.Model):
    """Who did it, in which position; names are copied, so that history reads the same after a hand-over."""

    at = models.DateTimeField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.ForeignKey("people.Position", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=200)
    actor_title = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class ApprovalLine(models.Model):
    """The line figures take, as data of the province: a round opened with it copies its steps.

    A row holds from `start` to before `end`; a changed line is a new row of the same code, so that it can be told by
    which line a round of last year went.
    """

    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    owner = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="approval_lines")
    kinds = models.JSONField(default=list, blank=True, help_text="kinds of reporting unit it is for; empty for all")
    steps = models.JSONField(help_text="[{name, verb, where, unit, working_days}] in order")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code", "owner", "start"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "code", "start"], name="line_once_a_day"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="line_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Round(Signed):
    """One sheet asked of many units for one period."""

    sheet = models.ForeignKey("indicators.Sheet", on_delete=models.PROTECT, related_name="rounds")
    period_code = models.CharField(max_length=32)
    data_day = models.DateField(help_text="the day whose tree the units were taken from")
    cutoff = models.DateField(help_text="figures up to this day (NĐ 09/2019 Đ8 k5)")
    hierarchy = models.ForeignKey("orgs.Hierarchy", on_delete=models.PROTECT, related_name="+")
    opener = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="rounds")
    opens_on = models.DateField()
    due_on = models.DateField(help_text="the day by which reporting units hand in")
    document = models.ForeignKey(
        "documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="rounds"
    )
    note = models.TextField(blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    due_time = models.TimeField(null=True, blank=True, help_text="the hour of the due day; empty is its end")
    batch = models.CharField(max_length=40, blank=True, db_index=True, help_text="rounds opened together, one a line")
    line_name = models.CharField(max_length=200, blank=True, help_text="the approval line its steps were copied from")
    staggers = models.JSONField(default=list, blank=True, help_text="[{unit, name, due_on, due_time}] of clusters")
    signed_copy = models.CharField(max_length=8, choices=SignedForm, default=SignedForm.NONE)
    counts_at_once = models.BooleanField(default=False, help_text="a quick round: handed in is accepted at step 1")
    take_from = models.JSONField(default=list, blank=True, help_text="series whose figures are taken in first")
    remind_before = models.JSONField(default=list, blank=True, help_text="working days before the due day: [3, 1]")
    escalate_after = models.JSONField(default=list, blank=True, help_text="working days after it, to the level above")

    class Meta:
        ordering = ["-opens_on", "-id"]
        constraints = [
            # a working day lies between, save for what is asked once on the day itself (actions.rounds.check_dates)
            models.CheckConstraint(condition=Q(due_on__gte=F("cutoff")), name="round_due_after_cutoff"),
            models.CheckConstraint(condition=Q(due_on__gte=F("opens_on")), name="round_due_after_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet.name} – {self.period_code}"


class Step(models.Model):
    """One step of the line a round takes; the line is data (school ▸ officer ▸ leader ▸ Sở, or school ▸ Sở)."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField(help_text="1 … n; a figure counts from step 1")
    name = models.CharField(max_length=200)
    verb = models.CharField(max_length=60, help_text="the right needed: figure.check or figure.approve")
    where = models.CharField(max_length=12, choices=Where)
    unit = models.ForeignKey("orgs.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()

    class Meta:
        ordering = ["round", "order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "order"], name="step_order_once"),
            models.CheckConstraint(condition=Q(order__gte=1), name="step_order_from_one"),
            models.CheckConstraint(condition=Q(where__in=Where.values), name="step_where_known"),
            models.CheckConstraint(
                condition=Q(where=Where.UNIT, unit__isnull=False) | (~Q(where=Where.UNIT) & Q(unit__isnull=True)),
                name="step_unit_when_named",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """What one unit owes in a round. `version` moves with every verb on it, so that a stale page cannot decide."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reports")
    sheet = models.ForeignKey("indicators.Sheet", on_delete=models.PROTECT, related_name="+")
    period_code = models.CharField(max_length=32)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="reports")
    duty = models.ForeignKey(
        "orgs.Unit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="who answers for it, where the unit has ended; the figures stay the unit's",
    )
    due_on = models.DateField(help_text="the round's day, or the later one given with a return or a re-opening")
    due_time = models.TimeField(null=True, blank=True, help_text="its hour where due times are staggered")
    first_due_on = models.DateField(null=True, blank=True, help_text="its first day, where its cluster has its own")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.EMPTY)
    step = models.PositiveSmallIntegerField(default=0, help_text="the lowest step all its cells have passed")
    version = models.PositiveIntegerField(default=0)
    draft_version = models.PositiveIntegerField(default=0)
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    reopened_until = models.DateField(null=True, blank=True)
    findings = models.JSONField(default=list, help_text="what the last handing-in left to look at; queries.findings")
    warnings = models.PositiveSmallIntegerField(default=0, help_text="number of findings")
    weight = models.PositiveIntegerField(default=0, help_text="how much they need a look, for sorting")

    class Meta:
        ordering = ["round", "unit"]
        constraints = [
            # One sheet owns a cell and a unit answers it once a period: the key of a figure has one source.
            models.UniqueConstraint(fields=["sheet", "period_code", "unit"], name="one_report_a_sheet_unit_period"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="report_unit_state")]

    def __str__(self) -> str:
        return f"{self.sheet} – {self.period_code} – {self.unit}"

    @property
    def answering_id(self) -> int:
        """The unit whose people type it, hand it in and are told of it."""
        return self.duty_id or self.unit_id


class Draft(models.Model):
    """What is being typed into one cell and not yet handed in; gone when it equals what was handed in."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="drafts")
    cell = models.ForeignKey("indicators.Cell", on_delete=models.PROTECT, related_name="+")
    value = models.BigIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "cell"], name="one_draft_a_cell")]


class Taken(models.Model):
    """A draft cell that was filled with what another system holds: from which series, of which day. It is typed over
    like any other; entry shows the mark while the cell still says `value`."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="taken")
    cell = models.ForeignKey("indicators.Cell", on_delete=models.PROTECT, related_name="+")
    series = models.ForeignKey("indicators.Series", on_delete=models.PROTECT, related_name="+")
    value = models.BigIntegerField()
    day = models.DateField(help_text="when the series was last given this figure")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "cell"], name="one_taking_a_cell")]


class Submission(Signed):
    """One handing-in: first, after a return, or a correction after locking. Append-only."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="submissions")
    no = models.PositiveIntegerField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["report", "no"]
        constraints = [models.UniqueConstraint(fields=["report", "no"], name="submission_no_once")]


class Revision(models.Model):
    """A cell as handed in. Append-only; unchanged cells have none. A null says: no figure, for the reason given."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="revisions")
    cell = models.ForeignKey("indicators.Cell", on_delete=models.PROTECT, related_name="+")
    value = models.BigIntegerField(null=True, blank=True)
    explanation = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "cell"], name="one_revision_a_submission_cell")]


class Standing(models.Model):
    """Where a cell of a report stands: `current` is what was handed in last, `accepted` is what counts."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="standings")
    cell = models.ForeignKey("indicators.Cell", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CellState)
    current = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(default=0, help_text="the step `current` has passed")
    accepted = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    accepted_step = models.PositiveSmallIntegerField(default=0, help_text="the step `accepted` has passed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "cell"], name="one_standing_a_cell"),
            models.CheckConstraint(condition=Q(state__in=CellState.values), name="standing_state_known"),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, accepted_step=0) | Q(accepted__isnull=False, accepted_step__gte=1),
                name="standing_counts_from_step_one",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[CellState.ACCEPTED, CellState.LOCKED], step__gte=1)
                | Q(state__in=[CellState.SUBMITTED, CellState.RETURNED, CellState.WITHDRAWN], step=0),
                name="standing_step_fits_state",
            ),
        ]


class Acceptance(Signed):
    """A report passed a step; which of its cells did is told by their revisions and returns before it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="acceptances")
    step = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["report", "at", "id"]


class Return(Signed):
    """A report (cell null) or one cell sent back with a reason; `answered_by` is the submission that took it up."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="returns")
    cell = models.ForeignKey("indicators.Cell", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    answered_by = models.ForeignKey(Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")

    class Meta:
        ordering = ["report", "at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="return_has_a_reason")]


class Reminder(Signed):
    """A late unit was reminded; one line a unit and a day."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="reminders")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "day"], name="one_reminder_a_day")]


class SignOff(Signed):
    """A step of a round closed by its unit, with the units that were missing at that moment (row 45 of peers)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sign_offs")
    step = models.PositiveSmallIntegerField(help_text="0: the locking of the round")
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    accepted = models.PositiveIntegerField(help_text="reports accepted by this act")
    expected = models.PositiveIntegerField()
    missing = models.JSONField(default=list, help_text="[{unit, name, state}] at that moment")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["round", "step", "at"]


class OnBehalf(models.Model):
    """A submission entered by the level above for the unit: from what, and the head's later confirmation."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="on_behalf")
    source = models.CharField(max_length=300, help_text="a phone call of the head, the paper form no. …")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_name = models.CharField(max_length=200, blank=True)
    confirmed_title = models.CharField(max_length=200, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    objection = models.TextField(blank=True, help_text="why the head says the figures are not the unit's")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="behalf_has_a_source"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(objected_at__isnull=True), name="behalf_answered_once"
            ),
        ]


class SignedCopy(Signed):
    """The signed copy of what was handed in: a signed file kept with its hash, or paper with seal received."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="signed_copies")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="signed_copies")
    form = models.CharField(max_length=8, choices=SignedForm)
    check_code = models.CharField(max_length=40, help_text="the code printed on the copy")
    file_name = models.CharField(max_length=255, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    content = models.BinaryField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["report", "at", "id"]


class Remark(Signed):
    """A question about one cell of a report, or an answer to it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="remarks")
    cell = models.ForeignKey("indicators.Cell", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    asks = models.BooleanField(default=False, help_text="a question that waits for an answer")
    answered_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers")

    class Meta:
        ordering = ["report", "at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remark_has_words")]


class Sending(models.Model):
    """A batch typed without a line and sent when it came back: its key makes sending it twice change nothing."""

    key = models.CharField(primary_key=True, max_length=64, help_text="made in the browser")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sendings")
    at = models.DateTimeField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.JSONField(default=dict, help_text="what was answered, given again when it is sent again")


class Joining(models.Model):
    """A unit asked by both lines answers once: the round gets the answer it gives in a round that asked before."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="joinings")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="joinings")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "report"], name="joined_once")]


class Escalation(models.Model):
    """A late report was told to the level above, once a day."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="escalations")
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "day"], name="one_escalation_a_day")]
