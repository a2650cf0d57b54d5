"""What a name means near a unit: confirmed once by somebody who reads documents there, and used from then on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries, refusals, rights, spelling
from giaoban.orgs.models import Alias

VERB = "reading.use"
SHORTEST = 2  # signs without spaces; a single letter names nothing


def remember_name(
    *, by: Actor, at: datetime, text: str, unit_ids: Iterable[int], near_id: int, since: date
) -> list[Alias]:
    """From `since` on, in documents read near this unit, the name means these units; what it meant before is withdrawn.

    `since` is the day of the document in which it was met: an earlier one moves it back, a later one changes nothing.
    """
    with writing(by=by, at=at, verb="unit.call", unit_id=near_id) as entry:
        on = timezone.localdate(at)
        rights.require(by, VERB, near_id, at=at, on=on)
        called = " ".join(nfc(text).split())[:200]
        fold = spelling.canon(called)
        wanted = list(dict.fromkeys(unit_ids))
        if len(fold.replace(" ", "")) < SHORTEST:
            raise refusals.NoName(name=called)
        there = queries.snapshots(wanted, max(since, on)).keys() | queries.snapshots(wanted, since).keys()
        missing = [unit for unit in wanted if unit not in there]
        if missing or not wanted:
            raise refusals.NotThere(unit=queries.name(missing[0], on) if missing else called, day=since)
        standing = list(Alias.objects.filter(near=near_id, fold=fold, withdrawn_at__isnull=True))
        known = {row.unit_id: row for row in standing if row.unit_id in wanted}
        dropped = [row.pk for row in standing if row.unit_id not in known]
        Alias.objects.filter(pk__in=dropped).update(withdrawn_at=at)
        earlier = [row.pk for row in known.values() if row.since is None or row.since > since]
        Alias.objects.filter(pk__in=earlier).update(since=since)
        made = Alias.objects.bulk_create(
            Alias(
                unit_id=unit,
                text=called,
                fold=fold,
                near_id=near_id,
                since=since,
                confirmed_at=at,
                confirmed_by=_who(by),
            )
            for unit in wanted
            if unit not in known
        )
        entry.data.update(name=called, units=wanted, since=since, withdrawn=len(dropped))
        entry.skip = not (made or dropped or earlier)
    return [*known.values(), *made]


def forget_name(*, by: Actor, at: datetime, alias_id: int, reason: str) -> Alias:
    """Withdraw a name that was confirmed by mistake; the row stays, and what was done by it stands."""
    with writing(by=by, at=at, verb="unit.uncall", reason=reason.strip()) as entry:
        found = Alias.objects.select_for_update().filter(pk=alias_id, near__isnull=False).first()
        if found is None or found.near_id is None:
            raise refusals.NoName(name=f"#{alias_id}")
        rights.require(by, VERB, found.near_id, at=at, on=timezone.localdate(at))
        if not reason.strip():
            raise refusals.NoReason()
        entry.unit_id = found.near_id
        entry.data.update(name=found.text, units=[found.unit_id])
        entry.skip = found.withdrawn_at is not None
        if found.withdrawn_at is None:
            found.withdrawn_at = at
            found.save(update_fields=["withdrawn_at"])
    return found


def _who(by: Actor) -> str:
    return (f"{by.name}, {by.title}" if by.title else by.name)[:300]
