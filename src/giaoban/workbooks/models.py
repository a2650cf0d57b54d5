"""What was handed up: the file, the workbooks in it, and what each of their pages would change in which report."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    READING = "reading", "being read"
    READ = "read", "read, nothing written"
    TAKING = "taking", "being written"
    TAKEN = "taken", "written"
    REFUSED = "refused", "not readable"


class Upload(models.Model):
    """One file handed up by one person: a workbook, or a ZIP of them. `kept` names its bytes in `files.keeping`."""

    name = models.CharField(max_length=300)
    kept = models.CharField(max_length=64, help_text="SHA-256 of the file")
    size = models.PositiveBigIntegerField()
    is_zip = models.BooleanField(default=False)
    at = models.DateTimeField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.ForeignKey("people.Position", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=200)
    actor_title = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey("orgs.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.READING)
    fault = models.JSONField(default=dict, blank=True, help_text="why the file as a whole was refused")
    files = models.PositiveIntegerField(default=0, help_text="workbooks in it")
    choices = models.JSONField(default=dict, blank=True, help_text="what was decided when it was written")
    read_job = models.BigIntegerField(null=True, blank=True)
    take_job = models.BigIntegerField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(state__in=State.values), name="upload_state_known")]

    def __str__(self) -> str:
        return self.name


class Workbook(models.Model):
    """One file of an upload, read. A row exists as soon as it has been read whole: reading goes on after the last."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="workbooks")
    no = models.PositiveIntegerField(help_text="place in the ZIP")
    name = models.CharField(max_length=400)
    faults = models.JSONField(default=list, help_text="of the file as a whole: [{kind, params, at}]")

    class Meta:
        ordering = ["upload", "no"]
        constraints = [models.UniqueConstraint(fields=["upload", "no"], name="workbook_once_in_an_upload")]

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    READY = "ready", "would change something"
    NOTHING = "nothing", "says what is there already"
    FAULTY = "faulty", "has wrong cells"
    TAKEN = "taken", "written"
    PART = "part", "written but for wrong or undecided cells"
    REFUSED = "refused", "the report refused it"


class CellChange(NamedTuple):
    """What a page would do to one cell; values as stored integers. A list in the database: there are millions."""

    cell: int
    at: str  # E12
    words: str
    scale: int
    was: int | None  # when the page was made
    now: int | None  # on the report
    given: int | None  # in the file
    takes: bool  # whether the value changes
    note: str = ""
    notes: bool = False  # whether the explanation changes
    note_was: str = ""
    note_now: str = ""
    conflict: bool = False
    who: str = ""

    def kept(self) -> list[Any]:
        """Without the end that says nothing."""
        plain = 8 if self[8:] == PLAIN else len(self)
        return list(self[:plain])


PLAIN = ("", False, "", "", False, "")


class Answer(models.Model):
    """One page of a workbook, held against its report.

    `changes`: of each cell that would change a `CellChange`, kept as a list; `faults`: [{kind, params, at}]; `looks`:
    the same for what is no fault but wants a look.
    """

    workbook = models.ForeignKey(Workbook, on_delete=models.CASCADE, related_name="answers")
    report = models.ForeignKey("indicators.Report", null=True, on_delete=models.SET_NULL, related_name="+")
    tab = models.CharField(max_length=60)
    unit_name = models.CharField(max_length=300, blank=True)
    behalf = models.BooleanField(default=False, help_text="for a unit below: handed in, from a named source")
    changes = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    looks = models.JSONField(default=list)
    same = models.PositiveIntegerField(default=0, help_text="cells that say what is there already")
    changed = models.PositiveIntegerField(default=0, help_text="cells it would change, conflicts left out")
    conflicts = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=8, choices=Outcome)
    written = models.PositiveIntegerField(default=0, help_text="cells written")
    refusal = models.JSONField(default=list, blank=True, help_text="what the report said against it")

    class Meta:
        ordering = ["workbook", "id"]
        constraints = [models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="answer_outcome_known")]

    @property
    def cell_changes(self) -> list[CellChange]:
        """Uploads of the first edition kept them by name."""
        return [CellChange(**row) if isinstance(row, dict) else CellChange(*row) for row in self.changes]


class Package(models.Model):
    """Files made to be taken along: workbooks of a round, or the marked copies of an upload."""

    at = models.DateTimeField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    round = models.ForeignKey("indicators.Round", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    upload = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=300)
    kept = models.CharField(max_length=64, blank=True)
    job = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(round__isnull=False, upload__isnull=True) | Q(round__isnull=True, upload__isnull=False),
                name="package_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.name
