"""Who signs a row: copied from the actor, so that history reads the same after a hand-over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from giaoban.journal.actor import Actor


def signed(by: Actor, at: datetime) -> dict[str, Any]:
    """The fields of `models.collection.Signed`."""
    title = f"{by.title} ({by.acting_for})" if by.acting_for else by.title
    return {
        "at": at,
        "account_id": by.account_id,
        "position_id": by.position_id,
        "actor_name": by.name,
        "actor_title": title[:200],
    }
