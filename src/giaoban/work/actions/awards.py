"""Verbs on commendations: proposed, given by a decision, corrected or revoked with a reason; nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import fold, nfc
from giaoban.documents import actions as documents
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Direction, Document
from giaoban.journal.actions import Entry, writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import refusals_awards as refusals
from giaoban.work.actions.kept_minutes import NEW_AWARDS, keep_minutes
from giaoban.work.actions.meeting_rules import required
from giaoban.work.models import AgendaItem, Award, AwardChange, Meeting, MeetingState
from giaoban.work.queries.awards import AwardKind, award_kinds, decision_words, may_be_given_by, recipient
from giaoban.work.refusals import MeetingCancelled, NotThere

State = Award.State
CHANGES = ("kind", "to_id", "person", "office", "reason")  # `reason` is the achievement


def propose(
    *,
    by: Actor,
    at: datetime,
    unit_id: int,
    kind: str,
    to_id: int,
    reason: str,
    person: str = "",
    office: str = "",
    meeting: Meeting | None = None,
    item: AgendaItem | None = None,
) -> Award:
    """Put somebody forward for a commendation by a unit, to be handed over at a meeting or without one."""
    with writing(by=by, at=at, verb="award.propose", unit_id=unit_id) as entry:
        on = timezone.localdate(at)
        people.require(by, "award.give", unit_id, on)
        if meeting is not None and (meeting.unit_id != unit_id or (item and item.meeting_id != meeting.pk)):
            raise NotAllowed()
        if meeting is not None and meeting.state == MeetingState.CANCELLED:
            raise MeetingCancelled()
        new = Award(
            unit_id=unit_id,
            kind=kind,
            to_id=to_id,
            person=_line(person),
            office=_line(office),
            reason=required(reason, "reason"),
            meeting=meeting,
            item=item,
            proposed_at=at,
            proposed_by=_who(by),
        )
        _check(new, on)
        new.fold = _fold(new, on)
        new.save()
        entry.subject = new
        entry.data.update(kind=kind, to=to_id, person=new.person)
    return new


def give(
    *,
    by: Actor,
    at: datetime,
    awards: Sequence[Award],
    symbol: str,
    decided_on: date,
    signer: str = "",
    signer_title: str = "",
    register: bool = False,
) -> list[Award]:
    """A decision gives them: one in the giver's register already, one of a level above that came in, or typed.

    With `register` the decision is entered in the giver's register of outgoing documents, with the list as its text.
    Each unit that is commended, or whose person is, is told.
    """
    if not awards:
        raise refusals.NothingChosen()
    unit_id = awards[0].unit_id
    with writing(by=by, at=at, verb="award.give", unit_id=unit_id) as entry:
        on = timezone.localdate(at)
        people.require(by, "award.give", unit_id, on)
        found = list(Award.objects.select_for_update().filter(pk__in=[each.pk for each in awards]).order_by("pk"))
        if any(each.unit_id != unit_id for each in found):
            raise NotAllowed()
        if any(each.state != State.PROPOSED for each in found):
            raise refusals.NotProposedAward()
        number = required(symbol, "symbol")[:60]
        if decided_on > on:
            raise refusals.DecisionAhead()
        decision = _decision(by, found, unit_id, number, decided_on, on)
        issuer = decision.issuer_unit_id if decision is not None else unit_id
        _may_give(found, issuer, decided_on)
        names = orgs.names([each.to_id for each in found], decided_on)
        if decision is None and register:
            decision = _register(by, at, unit_id, number, decided_on, found, names, signer, signer_title)
        for each in found:
            each.state, each.symbol, each.decided_on, each.document = State.GIVEN, number, decided_on, decision
            each.signer = _line(signer) or (decision.signer[:100] if decision else "")
            each.signer_title = _line(signer_title) or (decision.signer_title if decision else "")
            each.version += 1
            each.fold = _fold(each, on)
        Award.objects.bulk_update(
            found, ["state", "symbol", "decided_on", "document", "signer", "signer_title", "version", "fold"]
        )
        entry.subject = found[0]
        entry.data.update(symbol=number, decided_on=decided_on, awards=[each.pk for each in found])
        for meeting in {each.meeting for each in found if each.meeting is not None}:
            keep_minutes(by, at, meeting, NEW_AWARDS)
        for each in found:
            _tell(by, at, each, f"Được khen thưởng: {award_kinds()[each.kind].name}", names)
    return found


def correct(
    *,
    by: Actor,
    at: datetime,
    award: Award,
    reason: str,
    achievement: str | None = None,
    version: int | None = None,
    **changes: Any,
) -> Award:
    """Put right what was written wrongly; what stood, who changed it and why stay beside it."""
    with _on(by, at, "award.correct", award, reason) as (entry, found):
        if found.state not in (State.PROPOSED, State.GIVEN):
            raise refusals.AwardEnded()
        _same_version(found, version)
        why = required(reason, "reason_of_change")[:300]
        before = {name: getattr(found, name) for name in CHANGES}
        if achievement is not None:
            changes["reason"] = achievement
        for name, value in changes.items():
            if name not in CHANGES:
                raise TypeError(name)
            setattr(found, name, nfc(value).strip() if isinstance(value, str) else value)
        after = {name: getattr(found, name) for name in CHANGES}
        different = [name for name in CHANGES if before[name] != after[name]]
        entry.skip = not different
        if not different:
            return found
        required(found.reason, "reason")
        on = timezone.localdate(at)
        _check(found, on)
        if found.state == State.GIVEN and found.decided_on is not None:
            issuer = found.document.issuer_unit_id if found.document else found.unit_id
            _may_give([found], issuer, found.decided_on)
        found.version += 1
        found.fold = _fold(found, on)
        found.save(update_fields=[*different, "version", "fold"])
        stood = {name: _said(name, before[name], on) for name in different}
        stands = {name: _said(name, after[name], on) for name in different}
        _keep(by, at, found, AwardChange.Kind.CORRECTED, why, stood, stands)
        if found.meeting is not None:
            keep_minutes(by, at, found.meeting, why)
        entry.data.update(before=stood, after=stands)
    return found


def drop(*, by: Actor, at: datetime, award: Award, reason: str) -> Award:
    """What was proposed is not given."""
    with _on(by, at, "award.drop", award, reason) as (_entry, found):
        if found.state != State.PROPOSED:
            raise refusals.NotProposedAward()
        return _end(by, at, found, State.DROPPED, AwardChange.Kind.DROPPED, reason)


def revoke(*, by: Actor, at: datetime, award: Award, reason: str) -> Award:
    """What was given is taken back (Luật Thi đua, khen thưởng 2022, Chương VII): it stays on the list, as revoked."""
    with _on(by, at, "award.revoke", award, reason) as (_entry, found):
        if found.state != State.GIVEN:
            raise refusals.NotGivenAward()
        ended = _end(by, at, found, State.REVOKED, AwardChange.Kind.REVOKED, reason)
        _tell(by, at, ended, "Hủy khen thưởng", orgs.names([ended.to_id], timezone.localdate(at)), reason)
    return ended


def _end(by: Actor, at: datetime, found: Award, state: str, kind: str, reason: str) -> Award:
    why = required(reason, "reason_of_change")[:300]
    _keep(by, at, found, kind, why, {}, {})
    found.state = state
    found.version += 1
    found.save(update_fields=["state", "version"])
    if found.meeting is not None:
        keep_minutes(by, at, found.meeting, why)
    return found


@contextmanager
def _on(by: Actor, at: datetime, verb: str, award: Award, reason: str) -> Iterator[tuple[Entry, Award]]:
    with writing(by=by, at=at, verb=verb, subject=award, unit_id=award.unit_id, reason=reason.strip()) as entry:
        people.require(by, "award.give", award.unit_id, timezone.localdate(at))
        yield entry, Award.objects.select_for_update().get(pk=award.pk)


def _check(new: Award, on: date) -> AwardKind:
    """A form that exists, for whom it is, to a unit that exists; once only at one meeting."""
    kind = award_kinds().get(new.kind)
    if kind is None:
        raise refusals.UnknownAward(field="kind")
    if new.person and not kind.persons:
        raise refusals.OnlyUnits(kind=kind.name)
    if not new.person and not kind.units:
        raise refusals.OnlyPersons(kind=kind.name)
    if new.to_id not in orgs.snapshots([new.to_id], on):
        raise NotThere(unit=orgs.name(new.to_id, on), day=on.strftime("%d/%m/%Y"), field="to")
    same = Award.objects.filter(
        unit=new.unit_id, meeting=new.meeting_id, kind=new.kind, to=new.to_id, person=new.person
    ).exclude(pk=new.pk)
    same = same.filter(state__in=[State.PROPOSED, State.GIVEN])
    if new.meeting_id is None:
        same = same.filter(reason=new.reason)
    if same.exists():
        raise refusals.AwardThere()
    return kind


def _decision(
    by: Actor, found: Sequence[Award], unit_id: int, symbol: str, decided_on: date, on: date
) -> Document | None:
    """The registered decision of that number and day: the unit's own, or of who gives what the unit may not give."""
    known = document_queries.duplicates(by, symbol, decided_on, on)
    own = [each for each in known if each.issuer_unit_id == unit_id]
    if own:
        return own[0]
    kinds = award_kinds()
    if all(may_be_given_by(kinds[each.kind], unit_id, decided_on) for each in found):
        return None
    return known[0] if len({each.issuer_unit_id for each in known}) == 1 else None


def _may_give(found: Sequence[Award], issuer: int | None, on: date) -> None:
    """A unit gives what the law lets it give; by a decision of the level above it hands on what that one gave."""
    kinds = award_kinds()
    for each in found:
        kind = kinds[each.kind]
        if issuer is not None and not may_be_given_by(kind, issuer, on):
            raise refusals.NotTheirAward(
                kind=kind.name, unit=orgs.body_name(issuer, on), who=kind.who, source=kind.source
            )


def _register(
    by: Actor,
    at: datetime,
    unit_id: int,
    symbol: str,
    decided_on: date,
    found: Sequence[Award],
    names: dict[int, str],
    signer: str,
    signer_title: str,
) -> Document:
    kinds = award_kinds()
    lines = [
        f"{no}. {kinds[each.kind].name}: {recipient(each, names.get(each.to_id, ''))}. {each.reason}"
        for no, each in enumerate(found, start=1)
    ]
    meeting = found[0].meeting
    subject = f"Khen thưởng tại {meeting.title}" if meeting else "Khen thưởng tập thể, cá nhân"
    return documents.register(
        by=by,
        at=at,
        owner_id=unit_id,
        direction=Direction.OUT,
        symbol=symbol,
        subject=subject,
        issued_on=decided_on,
        type="QĐ",
        signer=signer,
        signer_title=signer_title,
        addressee_ids=sorted({each.to_id for each in found} - {unit_id}),
        text="\n".join([f"Quyết định: {subject}.", *lines]),
    )


def _same_version(found: Award, version: int | None) -> None:
    if version is not None and version != found.version:
        raise refusals.AwardChangedMeanwhile()


def _said(name: str, value: Any, on: date) -> str:
    if name == "to_id":
        return orgs.body_name(value, on)
    if name == "kind":
        return award_kinds()[value].name if value in award_kinds() else str(value)
    return str(value)


def _keep(
    by: Actor, at: datetime, found: Award, kind: str, reason: str, before: dict[str, str], after: dict[str, str]
) -> None:
    AwardChange.objects.create(award=found, kind=kind, before=before, after=after, reason=reason, at=at, by=_who(by))


def _tell(by: Actor, at: datetime, found: Award, what: str, names: dict[int, str], body: str = "") -> None:
    if found.to_id == found.unit_id:
        return
    said = recipient(found, names.get(found.to_id, ""))
    notices.send(
        by=by,
        at=at,
        to_unit=found.to_id,
        verb_of_receiver="meeting.answer",
        subject=f"{what}: {said}"[:300],
        body=f"{found.reason}\n{decision_words(found)}\n{body}".strip(),
        link=found.get_absolute_url(),
    )


def _fold(found: Award, on: date) -> str:
    names = orgs.names([found.to_id], on)
    return fold(" ".join([found.person, found.office, names.get(found.to_id, ""), found.reason, found.symbol]))


def _line(text: str) -> str:
    return " ".join(nfc(text).split())[:200]


def _who(by: Actor) -> str:
    return (f"{by.name}, {by.title}" if by.title else by.name)[:200]
