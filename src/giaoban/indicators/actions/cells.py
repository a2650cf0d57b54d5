"""The cells of one batch, written in one go: as drafts, or as revisions with where each cell now stands.

At the deadline this is what every school waits for. PostgreSQL takes a batch as arrays, in one statement for both
tables of a handing-in: a third of the work of inserts of a hundred and twenty rows each, which is what SQLite takes.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from giaoban.indicators.models import Draft, Report, Revision, Standing, Submission
from giaoban.indicators.models.collection import CellState
from giaoban.indicators.queries.reports import Saying
from giaoban.journal.prepared import tell

AT_ONCE = """
WITH made AS (
  INSERT INTO indicators_revision (submission_id, cell_id, value, explanation)
  SELECT %s::bigint, cell, value, explanation
  FROM unnest(%s::integer[], %s::bigint[], %s::text[]) AS given(cell, value, explanation)
  RETURNING id, cell_id
)
INSERT INTO indicators_standing (report_id, cell_id, state, current_id, step, accepted_step)
SELECT %s::bigint, cell_id, 'submitted', id, 0, 0 FROM made
ON CONFLICT (report_id, cell_id) DO UPDATE SET state = 'submitted', current_id = EXCLUDED.current_id, step = 0
"""
DRAFTS_AT_ONCE = """
INSERT INTO indicators_draft (report_id, cell_id, value, note, at, actor_name)
SELECT %s::bigint, cell, value, note, %s::timestamptz, %s
FROM unnest(%s::integer[], %s::bigint[], %s::text[]) AS given(cell, value, note)
ON CONFLICT (report_id, cell_id) DO UPDATE
SET value = EXCLUDED.value, note = EXCLUDED.note, at = EXCLUDED.at, actor_name = EXCLUDED.actor_name
"""


def keep_drafts(report: Report, sayings: Sequence[Saying]) -> None:
    """What somebody typed at one moment becomes the drafts of these cells."""
    if not sayings:
        return
    if connection.vendor == "postgresql":
        first = sayings[0]
        tell(DRAFTS_AT_ONCE, [report.pk, first.at, first.actor_name, *_columns(sayings)])
        return
    Draft.objects.bulk_create(
        (Draft(report=report, **one._asdict()) for one in sayings),
        update_conflicts=True,
        unique_fields=["report", "cell"],
        update_fields=["value", "note", "at", "actor_name"],
    )


def _columns(drafts: Sequence[Draft | Saying]) -> list[list[int | None] | list[str]]:
    return [[one.cell_id for one in drafts], [one.value for one in drafts], [one.note for one in drafts]]


def hand_in_cells(report: Report, made: Submission, drafts: Sequence[Draft | Saying]) -> None:
    """What each draft says becomes a revision of this submission, and the cell waits at the first step."""
    if not drafts:
        return
    if connection.vendor == "postgresql":
        tell(AT_ONCE, [made.pk, *_columns(drafts), report.pk])
        return
    revisions = Revision.objects.bulk_create(
        Revision(submission=made, cell_id=one.cell_id, value=one.value, explanation=one.note) for one in drafts
    )
    Standing.objects.bulk_create(
        [
            Standing(report=report, cell_id=one.cell_id, state=CellState.SUBMITTED, current=one, step=0)
            for one in revisions
        ],
        update_conflicts=True,
        unique_fields=["report", "cell"],
        update_fields=["state", "current", "step"],
    )
