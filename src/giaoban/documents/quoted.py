"""Figures of a document's text that a person has attached to what they are of. Never changed, only withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.documents import queries
from giaoban.documents.models import Document, QuotedFigure
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people

VERB = "reading.use"


class PassageMissing(Refused):
    """The words attached do not stand where they are said to."""

    sentence = sentence("The passage “%(words)s” does not stand at this place of the document.")


class AlreadyAttached(Refused):
    """The same passage is a figure of the same thing already."""

    sentence = sentence("This figure is attached to the same indicator, unit and period already.")


class AlreadyWithdrawn(Refused):
    """Nothing to withdraw."""

    sentence = sentence("This attachment was withdrawn before.")


class ReasonMissing(Refused):
    """Withdrawing needs a reason, for whoever reads the history."""

    sentence = sentence("Say why the attachment is withdrawn.")
    field = "reason"


@dataclass(frozen=True)
class Figure:
    """What is attached: the passage, what it is a figure of, and the value as said."""

    start: int
    end: int
    words: str
    unit_id: int
    period_code: str
    value: Fraction
    indicator: str = ""
    element: str = ""
    places: int = 0
    measure: str = ""
    part: int | None = None
    whole: int | None = None


def attach(*, by: Actor, at: datetime, document: Document, figure: Figure) -> QuotedFigure:
    """Keep that this passage of the document is that figure. Who may let documents be read, and sees this one, may."""
    with writing(by=by, at=at, verb="document.attach_figure", unit_id=document.owner_unit_id) as entry:
        on = timezone.localdate(at)
        queries.document(by, document.pk, on)
        if not people.may_anywhere(by, VERB, on):
            raise NotAllowed()
        if not figure.words.strip() or document.text[figure.start : figure.end] != figure.words:
            raise PassageMissing(words=figure.words[:80])
        try:
            with transaction.atomic():
                made = QuotedFigure.objects.create(
                    document=document,
                    start=figure.start,
                    end=figure.end,
                    words=figure.words,
                    indicator=figure.indicator,
                    element=figure.element,
                    unit_id=figure.unit_id,
                    period_code=figure.period_code,
                    numerator=figure.value.numerator,
                    denominator=figure.value.denominator,
                    places=figure.places,
                    measure=figure.measure[:60],
                    part=figure.part,
                    whole=figure.whole,
                    attached_at=at,
                    attached_by_id=by.account_id,
                    attached_name=_who(by),
                )
        except IntegrityError:
            raise AlreadyAttached() from None
        entry.subject = document
        entry.data.update(
            figure=made.pk,
            of=figure.indicator or figure.element,
            unit=figure.unit_id,
            period=figure.period_code,
            words=figure.words[:200],
        )
    return made


def withdraw(*, by: Actor, at: datetime, quoted: QuotedFigure, reason: str) -> QuotedFigure:
    """Say that it was wrong: whoever attached it, or who reads documents for the unit that keeps this one."""
    document = quoted.document
    with writing(
        by=by, at=at, verb="document.withdraw_figure", subject=document, unit_id=document.owner_unit_id,
        reason=reason.strip(),
    ) as entry:  # fmt: skip
        on = timezone.localdate(at)
        queries.document(by, document.pk, on)
        found = QuotedFigure.objects.select_for_update().get(pk=quoted.pk)
        mine = by.account_id is not None and found.attached_by_id == by.account_id
        if not mine and not people.may(by, VERB, document.owner_unit_id, on):
            raise NotAllowed()
        if found.withdrawn_at is not None:
            raise AlreadyWithdrawn()
        if not reason.strip():
            raise ReasonMissing()
        found.withdrawn_at, found.withdrawn_name, found.withdrawn_why = at, _who(by), reason.strip()
        found.save(update_fields=["withdrawn_at", "withdrawn_name", "withdrawn_why"])
        entry.data.update(figure=found.pk, of=found.indicator or found.element)
    return found


def of(document: Document) -> list[QuotedFigure]:
    """The figures attached in a document that the actor was already shown, in the order of its text."""
    return list(QuotedFigure.objects.filter(document=document, withdrawn_at__isnull=True).order_by("start", "pk"))


def one(actor: Actor, quoted_id: int, on: date) -> QuotedFigure:
    """One attachment; QuotedFigure.DoesNotExist when it is not there or its document is not for this actor."""
    seen = queries.for_actor(actor, on)
    return QuotedFigure.objects.select_related("document").get(pk=quoted_id, document__in=seen.values("pk"))


def saying(
    actor: Actor, on: date, *, unit_id: int, period_codes: Iterable[str], indicator: str = "", element: str = ""
) -> QuerySet[QuotedFigure]:
    """Where documents that the actor may read say a number, the latest document first."""
    seen = queries.for_actor(actor, on)
    return (
        QuotedFigure.objects.filter(
            indicator=indicator, element=element, unit_id=unit_id, period_code__in=list(period_codes),
            withdrawn_at__isnull=True, document__in=seen.values("pk"),
        )
        .select_related("document")
        .defer("document__fold")
        .order_by("-document__issued_on", "document", "start")
    )  # fmt: skip


def _who(by: Actor) -> str:
    return (f"{by.name}, {by.title}" if by.title else by.name)[:200]
