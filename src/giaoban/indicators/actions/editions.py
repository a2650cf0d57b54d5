"""Every text of the catalogue as it was published: kept whole, so that any two editions can be laid side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from giaoban.core.refusal import NotAllowed
from giaoban.indicators.models import Edition
from giaoban.indicators.queries import catalogue as asking
from giaoban.indicators.queries import texts
from giaoban.journal.actor import Actor


def require(by: Actor, at: datetime, kind: str, code: str) -> None:
    """Who manages sheets may publish; what a unit published, or what came with the product, not everybody changes."""
    if not asking.may_change(by, kind, code, localdate(at)):
        raise NotAllowed()


def keep_before(*, at: datetime, kind: str, code: str) -> None:
    """What stands, if it was published before editions were kept, so that its first correction shows what it was."""
    if not Edition.objects.filter(kind=kind, code=code).exists():
        data = _text(kind, code)
        if data is not None:
            Edition.objects.create(kind=kind, code=code, no=1, at=at, actor_name="", data=data)


def record(*, by: Actor, at: datetime, kind: str, code: str, reason: str = "") -> bool:
    """Keep the text as it now stands; whether it differs from the edition before."""
    data = _text(kind, code)
    newest = Edition.objects.filter(kind=kind, code=code).order_by("-no").first()
    if data is None or (newest is not None and newest.data == data):
        return False
    Edition.objects.create(
        kind=kind,
        code=code,
        no=1 if newest is None else newest.no + 1,
        at=at,
        unit_id=by.unit_id,
        actor_name=by.name,
        actor_title=(f"{by.title} ({by.acting_for})" if by.acting_for else by.title)[:200],
        reason=reason[:500],
        data=data,
    )
    return True


def _text(kind: str, code: str) -> dict[str, Any] | None:
    """As the file holds it. A database forgets the order of keys, so the order of members is kept beside them."""
    data = texts.row(kind, code)
    return data | {"order": list(data["members"])} if data and kind == texts.DIMENSION else data
