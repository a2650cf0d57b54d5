"""Who acts: an account in a position, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """An account acting in one position of one unit.

    `acting_for` names the person whose position is held for the time being ("ký thay", "được giao phụ trách").
    """

    account_id: int | None
    position_id: int | None
    unit_id: int | None
    name: str
    title: str = ""
    acting_for: str = ""

    @property
    def is_system(self) -> bool:
        return self.account_id is None


SYSTEM = Actor(account_id=None, position_id=None, unit_id=None, name="Hệ thống")
