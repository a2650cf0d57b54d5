"""Verbs on the plan of a year: put a line in, change, move and drop it, approve and issue the plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import check_refusals as refusals
from giaoban.work import check_rules, check_times
from giaoban.work.actions.checks.rules import issued, line_locked, plan_locked, require_plan, tell, who
from giaoban.work.actions.meeting_rules import required
from giaoban.work.models import CheckMove, CheckPlan, CheckTarget, CheckVisit, PlannedCheck

FIELDS = ("lead_id", "subject", "topic", "form", "group", "basis_id", "basis_text")


def plan_line(
    *,
    by: Actor,
    at: datetime,
    unit_id: int,
    year: int,
    subject: str,
    topic: str,
    time: str,
    unit_ids: Iterable[int],
    reason: str = "",
    **fields: Any,
) -> PlannedCheck:
    """Put a line into a unit's plan. In an issued plan it is a later addition, told at once to the units it names."""
    with writing(by=by, at=at, verb="check.plan_line", unit_id=unit_id, reason=nfc(reason).strip()) as entry:
        require_plan(by, unit_id, at)
        plan, _ = CheckPlan.objects.get_or_create(unit_id=unit_id, year=year)
        plan = plan_locked(plan)
        made = PlannedCheck(plan=plan, entered_at=at, lead_id=unit_id)
        _fill(made, {"subject": subject, "topic": topic, **fields})
        _set_time(made, time)
        made.added_later = plan.state != CheckPlan.State.DRAFT
        if made.added_later:
            required(reason, "reason")
        made.save()
        _aim(made, unit_ids)
        entry.subject = made
        entry.data.update(subject=made.subject, year=year, units=_units(made))
        if plan.state == CheckPlan.State.ISSUED:
            _tell(by, at, made, "Bổ sung kế hoạch kiểm tra")
    return made


def change_line(
    *, by: Actor, at: datetime, planned: PlannedCheck, time: str, unit_ids: Iterable[int], **fields: Any
) -> PlannedCheck:
    """Change a line of a draft; what is approved is moved, dropped or added instead."""
    with writing(by=by, at=at, verb="check.change_line", subject=planned, unit_id=planned.plan.unit_id) as entry:
        require_plan(by, planned.plan.unit_id, at)
        found = line_locked(planned)
        if found.plan.state != CheckPlan.State.DRAFT:
            raise refusals.PlanNotDraft()
        before = {name: getattr(found, name) for name in FIELDS}
        _fill(found, fields)
        _set_time(found, time)
        found.save()
        wanted = list(dict.fromkeys(unit_ids))
        left_out = found.targets.filter(joined__isnull=True).exclude(unit_id__in=wanted)
        for target in left_out:
            _release(by, at, target)
        left_out.delete()
        _aim(found, wanted)
        entry.data.update(changed={n: [before[n], getattr(found, n)] for n in FIELDS if before[n] != getattr(found, n)})
    return found


def move_line(*, by: Actor, at: datetime, planned: PlannedCheck, time: str, reason: str) -> PlannedCheck:
    """Another time, with a reason; where it stood is kept. Units told of it once are told again."""
    with writing(by=by, at=at, verb="check.move_line", subject=planned, unit_id=planned.plan.unit_id) as entry:
        require_plan(by, planned.plan.unit_id, at)
        found = line_locked(planned)
        before = found.starts_on, found.ends_on
        _set_time(found, time)
        if (found.starts_on, found.ends_on) == before:
            raise refusals.SameTime()
        entry.reason = required(reason, "reason")[:300]
        found.save(update_fields=["starts_on", "ends_on", "time_text"])
        CheckMove.objects.create(
            planned=found,
            from_starts_on=before[0],
            from_ends_on=before[1],
            to_starts_on=found.starts_on,
            to_ends_on=found.ends_on,
            reason=entry.reason,
            at=at,
            by=who(by),
        )
        entry.data.update(before=before, after=[found.starts_on, found.ends_on])
        if found.plan.state == CheckPlan.State.ISSUED:
            _tell(by, at, found, "Điều chỉnh thời gian kiểm tra", entry.reason)
    return found


def drop_line(*, by: Actor, at: datetime, planned: PlannedCheck, reason: str) -> PlannedCheck:
    """The line stays, struck through. A check that has begun is carried through; one only decided is called off."""
    with writing(by=by, at=at, verb="check.drop_line", subject=planned, unit_id=planned.plan.unit_id) as entry:
        require_plan(by, planned.plan.unit_id, at)
        found = line_locked(planned)
        entry.reason = required(reason, "reason")[:300]
        for target in found.targets.all():
            _call_off_visit(target, timezone.localdate(at))
            _release(by, at, target)
        found.dropped_at, found.reason = at, entry.reason
        found.save(update_fields=["dropped_at", "reason"])
        if found.plan.state == CheckPlan.State.ISSUED:
            _tell(by, at, found, "Thôi kiểm tra theo kế hoạch", found.reason)
    return found


def drop_target(*, by: Actor, at: datetime, target: CheckTarget, reason: str) -> CheckTarget:
    """One unit of a line is not checked after all."""
    planned = target.planned
    with writing(by=by, at=at, verb="check.drop_unit", subject=planned, unit_id=planned.plan.unit_id) as entry:
        require_plan(by, planned.plan.unit_id, at)
        line_locked(planned)
        found = _target_locked(target)
        entry.reason = required(reason, "reason")[:300]
        _call_off_visit(found, timezone.localdate(at))
        _release(by, at, found)
        found.dropped_at, found.reason = at, entry.reason
        found.save(update_fields=["dropped_at", "reason"])
        entry.data["unit"] = found.unit_id
        if planned.plan.state == CheckPlan.State.ISSUED:
            link = planned.get_absolute_url()
            tell(by, at, [found.unit_id], "check.answer", f"Thôi kiểm tra: {planned.subject}", found.reason, link)
    return found


def hand_target_on(*, by: Actor, at: datetime, target: CheckTarget, unit_id: int) -> CheckTarget:
    """A unit of the line is gone: another is checked instead; the old one stays with the reason."""
    planned = target.planned
    with writing(by=by, at=at, verb="check.hand_unit_on", subject=planned, unit_id=planned.plan.unit_id) as entry:
        require_plan(by, planned.plan.unit_id, at)
        line_locked(planned)
        found, on = _target_locked(target), timezone.localdate(at)
        if orgs.exists(found.unit_id, on):
            raise refusals.NotAnHeir(unit=orgs.body_name(found.unit_id, on))
        _check_units(planned.plan.unit_id, [unit_id], on)
        found.dropped_at = at
        found.reason = f"Đơn vị không còn; kiểm tra {orgs.body_name(unit_id, on)} thay"[:300]
        found.save(update_fields=["dropped_at", "reason"])
        made, _ = CheckTarget.objects.get_or_create(planned=planned, unit_id=unit_id)
        entry.data.update(before=found.unit_id, after=unit_id)
    return made


def approve_plan(*, by: Actor, at: datetime, plan: CheckPlan) -> CheckPlan:
    """A leader approves the plan as it stands; overlaps are shown, and may stay."""
    with writing(by=by, at=at, verb="check.approve", subject=plan, unit_id=plan.unit_id) as entry:
        people.require(by, "check.approve", plan.unit_id, timezone.localdate(at))
        found = plan_locked(plan)
        if found.state != CheckPlan.State.DRAFT:
            raise refusals.PlanNotDraft()
        standing = found.lines.filter(dropped_at__isnull=True).count()
        if not standing:
            raise refusals.EmptyPlan()
        found.state, found.approved_at, found.approved_by = CheckPlan.State.APPROVED, at, who(by)
        found.save()
        entry.data.update(year=found.year, lines=standing)
    return found


def issue_plan(*, by: Actor, at: datetime, plan: CheckPlan, symbol: str, issued_on: date) -> CheckPlan:
    """The plan goes out under its number: from now on the units it names see their lines."""
    with writing(by=by, at=at, verb="check.issue_plan", subject=plan, unit_id=plan.unit_id) as entry:
        require_plan(by, plan.unit_id, at)
        found = plan_locked(plan)
        if found.state != CheckPlan.State.APPROVED:
            raise refusals.PlanNotApproved()
        targets = CheckTarget.objects.filter(
            planned__plan=found, planned__dropped_at__isnull=True, dropped_at__isnull=True, joined__isnull=True
        )
        units = sorted(set(targets.values_list("unit_id", flat=True)))
        found.document = issued(by, at, found.unit_id, symbol, issued_on, f"Kế hoạch kiểm tra năm {found.year}", units)
        found.state, found.issued_at = CheckPlan.State.ISSUED, at
        found.save()
        entry.data.update(symbol=found.document.symbol, units=len(units))
        link = f"/kiem-tra/?xem=don-vi&nam={found.year}"
        title = f"Kế hoạch kiểm tra năm {found.year}: {orgs.body_name(found.unit_id, issued_on)}"
        tell(by, at, units, "check.answer", title, f"Văn bản số {found.document.symbol}.", link)
    return found


# How


def _fill(line: PlannedCheck, fields: dict[str, Any]) -> None:
    unknown = fields.keys() - set(FIELDS)
    if unknown:
        raise TypeError(f"not a part of a line: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(line, name, nfc(value).strip() if isinstance(value, str) else value)
    line.subject = required(line.subject, "subject")[:500]
    line.form = PlannedCheck.Form(line.form).value
    if line.topic not in check_rules.topics():
        raise ValueError(f"no topic {line.topic!r}")


def _set_time(line: PlannedCheck, time: str) -> None:
    line.starts_on, line.ends_on = check_times.read(required(time, "time"), line.plan.year)
    if (line.starts_on.year, line.ends_on.year) != (line.plan.year, line.plan.year):
        raise refusals.TimeOutsideYear(year=line.plan.year)
    line.time_text = nfc(time).strip()[:100]


def _aim(line: PlannedCheck, unit_ids: Iterable[int]) -> None:
    """The units as they are on the day of planning: a group chosen is written out, unit by unit."""
    wanted = list(dict.fromkeys(unit_ids))
    if not wanted:
        raise refusals.NobodyChecked()
    have = set(line.targets.values_list("unit_id", flat=True))
    new = [unit for unit in wanted if unit not in have]
    _check_units(line.plan.unit_id, new, timezone.localdate(line.entered_at))
    CheckTarget.objects.bulk_create(CheckTarget(planned=line, unit_id=unit) for unit in new)


def _check_units(host: int, units: list[int], on: date) -> None:
    """They exist, and are below the host, guided by it, or (of a provincial office) communes of its province."""
    there = orgs.snapshots(units, on)
    below: set[int] = set()
    for hierarchy in (orgs.MANAGEMENT, orgs.PROFESSIONAL, orgs.PARTY):
        below |= set(orgs.descendants(host, hierarchy, on).filter(unit_id__in=units).values_list("unit_id", flat=True))
    own, above = orgs.snapshot(host, on), orgs.parent(host, orgs.MANAGEMENT, on)
    beside: set[int] = set()
    if own is not None and own.kind.family == "office" and own.kind.level == "province" and above is not None:
        beside = {row.unit_id for row in there.values() if row.kind.level == "commune" and row.kind.family == "area"}
        beside &= set(
            orgs.descendants(above, orgs.MANAGEMENT, on).filter(unit_id__in=units).values_list("unit_id", flat=True)
        )
    for unit in units:
        if unit not in there:
            raise refusals.NotThereToCheck(unit=orgs.name(unit, on), day=on.strftime("%d/%m/%Y"))
        if unit == host or unit not in below | beside:
            raise refusals.NotToCheck(unit=orgs.body_name(unit, on))


def _target_locked(target: CheckTarget) -> CheckTarget:
    found = CheckTarget.objects.select_for_update().get(pk=target.pk)
    if found.dropped_at is not None or found.joined_id is not None:
        raise refusals.LineDropped()
    return found


def _call_off_visit(target: CheckTarget, on: date) -> None:
    visit = CheckVisit.objects.select_for_update().filter(target=target).first()
    if visit is None or visit.state == CheckVisit.State.CALLED_OFF:
        return
    if visit.state != CheckVisit.State.DECIDED:
        raise refusals.CheckStarted(unit=orgs.body_name(target.unit_id, on))
    visit.state = CheckVisit.State.CALLED_OFF
    visit.save(update_fields=["state"])


def _release(by: Actor, at: datetime, target: CheckTarget) -> None:
    """Whoever meant to go along with a check that is not done has the unit in their own line again, and is told."""
    for guest in target.guests.select_related("planned__plan"):
        guest.joined = None
        guest.save(update_fields=["joined"])
        line, body = guest.planned, f"“{target.planned.subject}” không còn kiểm tra đơn vị này."
        title = f"Không còn ghép đoàn: {line.subject}"
        tell(by, at, [line.plan.unit_id], "check.plan", title, body, line.get_absolute_url())


def _units(line: PlannedCheck) -> list[int]:
    return list(line.targets.filter(dropped_at__isnull=True, joined__isnull=True).values_list("unit_id", flat=True))


def _tell(by: Actor, at: datetime, line: PlannedCheck, what: str, words: str = "") -> None:
    body = f"Thời gian: {line.time_text}. {words}".strip()
    tell(by, at, _units(line), "check.answer", f"{what}: {line.subject}", body, line.get_absolute_url())
