"""Sites of a meeting: who belongs where, who came where, and what is ready."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work.models import CheckIn, Guest, Invitation, Meeting, Site, SiteCheck

CAME = frozenset([Invitation.Attendance.PRESENT, Invitation.Attendance.LATE, Invitation.Attendance.SUBSTITUTE])


@dataclass(frozen=True)
class Standing:
    """One site, or with `site` None those who belong to none. `came` of `expected`, never a share without them."""

    site: Site | None
    expected: int
    came: int
    elsewhere: int  # of those who came, who checked in at another site
    visitors: int  # who checked in here and belong elsewhere
    checks: tuple[tuple[str, str, SiteCheck | None], ...] = ()

    @property
    def looked_over(self) -> int:
        return sum(check is not None and check.ready for *_, check in self.checks)

    @property
    def ready(self) -> bool:
        return bool(self.checks) and self.looked_over == len(self.checks)


@dataclass(frozen=True)
class AllSites:
    rows: tuple[Standing, ...]

    @property
    def expected(self) -> int:
        return sum(each.expected for each in self.rows)

    @property
    def came(self) -> int:
        return sum(each.came for each in self.rows)

    @property
    def sites(self) -> tuple[Standing, ...]:
        return tuple(each for each in self.rows if each.site is not None)

    @property
    def ready(self) -> int:
        return sum(each.ready for each in self.sites)

    @property
    def not_ready(self) -> tuple[Standing, ...]:
        return tuple(each for each in self.sites if not each.ready)


def standings(meeting: Meeting) -> AllSites:
    """Each site and, where there are any, those assigned to none; the sum is everybody invited."""
    sites = list(meeting.sites.prefetch_related("checks"))
    invited: list[Invitation | Guest] = [*meeting.invitations.all(), *meeting.guests.all()]
    expected, came = Counter[int | None](), Counter[int | None]()
    elsewhere, visitors = Counter[int | None](), Counter[int | None]()
    where = {
        (invitation, guest): site
        for invitation, guest, site in CheckIn.objects.filter(meeting=meeting, site__isnull=False)
        .order_by("at")
        .values_list("invitation_id", "guest_id", "site_id")
    }
    for each in invited:
        expected[each.site_id] += 1
        if each.attendance not in CAME:
            continue
        came[each.site_id] += 1
        key = (each.pk, None) if isinstance(each, Invitation) else (None, each.pk)
        at = where.get(key, each.site_id)
        if at != each.site_id:
            elsewhere[each.site_id] += 1
            visitors[at] += 1
    rows = [
        Standing(each, expected[each.pk], came[each.pk], elsewhere[each.pk], visitors[each.pk], _checks(each))
        for each in sites
    ]
    if expected[None] or not sites:
        rows.append(Standing(None, expected[None], came[None], elsewhere[None], 0))
    return AllSites(tuple(rows))


def _checks(site: Site) -> tuple[tuple[str, str, SiteCheck | None], ...]:
    have = {each.part: each for each in site.checks.all()}
    return tuple((code, str(label), have.get(code)) for code, label in SiteCheck.Part.choices)


def keeps(actor: Actor, site: Site, on: date) -> bool:
    """Somebody who answers for the unit at whose office the site is."""
    return site.unit_id is not None and people.may(actor, "meeting.answer", site.unit_id, on)


def kept_by(actor: Actor, meeting: Meeting, on: date) -> list[Site]:
    return [each for each in meeting.sites.all() if keeps(actor, each, on)]


def nearest(meeting: Meeting, on: date) -> dict[int, int]:
    """{unit: site} of those invited: the site at their own office or at the nearest one around; else the main one."""
    sites = {each.unit_id: each.pk for each in meeting.sites.all() if each.unit_id}
    main = meeting.sites.filter(main=True).values_list("pk", flat=True).first()
    found = {}
    for unit_id in set(meeting.invitations.values_list("unit_id", flat=True)):
        around = [unit_id, *(each.unit_id for each in orgs.ancestors(unit_id, orgs.TERRITORY, on))]
        site = next((sites[each] for each in around if each in sites), main)
        if site is not None:
            found[unit_id] = site
    return found
