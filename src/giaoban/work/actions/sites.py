"""Verbs on the sites of a meeting: set them up, say who belongs where, and look them over before it begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import refusals_conference as refusals
from giaoban.work.actions.meeting_rules import require_state, required, run
from giaoban.work.models import Meeting, MeetingState, Site, SiteCheck
from giaoban.work.queries.sites import keeps, nearest
from giaoban.work.refusals import NotThere

ALIVE = (MeetingState.PLANNED, MeetingState.HELD)
FIELDS = ("place", "person", "phone", "technician", "link")


def add_site(*, by: Actor, at: datetime, meeting: Meeting, name: str, unit_id: int | None = None, **more: str) -> Site:
    """One more site; the first one is where the chair sits, until another is marked so."""
    with run(by, at, "meeting.sites", meeting) as (entry, meeting):
        require_state(meeting, *ALIVE)
        site = Site(meeting=meeting, main=not meeting.sites.exists())
        _fill(site, name, unit_id, more, at)
        site.save()
        entry.data["added"] = site.name
    return site


def change_site(
    *, by: Actor, at: datetime, site: Site, name: str, unit_id: int | None = None, main: bool = False, **more: str
) -> Site:
    with run(by, at, "meeting.sites", site.meeting) as (entry, meeting):
        require_state(meeting, *ALIVE)
        site = Site.objects.get(pk=site.pk)
        _fill(site, name, unit_id, more, at)
        if main and not site.main:
            meeting.sites.filter(main=True).update(main=False)
            site.main = True
        site.save()
        entry.data["changed"] = site.name
    return site


def remove_site(*, by: Actor, at: datetime, site: Site) -> None:
    """Off the list, while nobody belongs to it."""
    with run(by, at, "meeting.sites", site.meeting) as (entry, meeting):
        require_state(meeting, *ALIVE)
        people_there = site.invitations.count() + site.guests.count()
        if people_there:
            raise refusals.SiteHasPeople(count=people_there)
        entry.data["removed"] = site.name
        site.delete()


def assign(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    site: Site | None,
    invitations: Iterable[int] = (),
    guests: Iterable[int] = (),
) -> int:
    """These belong to a site (None: to none yet)."""
    with run(by, at, "meeting.sites", meeting) as (entry, meeting):
        require_state(meeting, *ALIVE)
        if site is not None and site.meeting_id != meeting.pk:
            raise NotAllowed()
        moved = meeting.invitations.filter(pk__in=list(invitations)).update(site=site)
        moved += meeting.guests.filter(pk__in=list(guests)).update(site=site)
        entry.data.update(site=site.name if site else "", people=moved)
        entry.skip = not moved
    return moved


def assign_nearest(*, by: Actor, at: datetime, meeting: Meeting) -> int:
    """Everybody who belongs to no site yet goes to the nearest one: a school to that of its commune."""
    with run(by, at, "meeting.sites", meeting) as (entry, meeting):
        require_state(meeting, *ALIVE)
        found = nearest(meeting, timezone.localdate(meeting.starts_at))
        moved = 0
        for unit_id, site_id in found.items():
            moved += meeting.invitations.filter(site=None, unit_id=unit_id).update(site_id=site_id)
            moved += meeting.guests.filter(site=None, unit_id=unit_id).update(site_id=site_id)
        entry.data.update(nearest=True, people=moved)
        entry.skip = not moved
    return moved


def look_over(*, by: Actor, at: datetime, site: Site, part: str, ready: bool, note: str = "") -> SiteCheck:
    """One part of a site was tried out: by the host or by the site itself. What is not ready is told."""
    meeting = site.meeting
    with writing(by=by, at=at, verb="meeting.site_ready", subject=meeting, unit_id=meeting.unit_id) as entry:
        on = timezone.localdate(at)
        if not people.may(by, "meeting.plan", meeting.unit_id, on) and not keeps(by, site, on):
            raise NotAllowed()
        require_state(Meeting.objects.select_for_update().get(pk=meeting.pk), *ALIVE)
        words = note.strip()[:300]
        if not ready and not words:
            raise refusals.NotReadyUnexplained()
        found, _ = SiteCheck.objects.update_or_create(
            site=site,
            part=SiteCheck.Part(part).value,
            defaults={"ready": ready, "note": words, "at": at, "by": by.name[:200]},
        )
        entry.data.update(site=site.name, part=found.part, ready=ready)
    return found


def _fill(site: Site, name: str, unit_id: int | None, more: dict[str, Any], at: datetime) -> None:
    words = required(name, "name")[:200]
    if Site.objects.filter(meeting=site.meeting_id, name=words).exclude(pk=site.pk).exists():
        raise refusals.SiteThere()
    day = timezone.localdate(site.meeting.starts_at)
    if unit_id is not None and unit_id not in orgs.snapshots([unit_id], day):
        raise NotThere(unit=orgs.name(unit_id, day), day=day.strftime("%d/%m/%Y"), field="unit")
    site.name, site.unit_id = words, unit_id
    for field in FIELDS:
        if field in more:
            setattr(site, field, str(more[field]).strip())
