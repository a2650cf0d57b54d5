"""Refusals: what a verb says when it will not do what was asked.

Every room states its own refusals beside its verbs. The sentence is an English message id that the doors translate;
its `%(name)s` places are filled from the keyword arguments, so that it names the cell, line or field concerned.
"""

from __future__ import annotations

from typing import Any


def sentence(text: str) -> str:
    """Mark a message id for collection; the doors translate it when they show it."""
    return text


class Refused(Exception):
    """A verb refused. Subclasses carry `sentence`, an English message id; `params` fill its places."""

    sentence = "This cannot be done."
    field: str | None = None

    def __init__(self, *, field: str | None = None, **params: Any) -> None:
        self.params = params
        if field is not None:
            self.field = field
        super().__init__(self.sentence % params if params else self.sentence)


class NotAllowed(Refused):
    """The acting position has no grant for this verb at this unit."""

    sentence = "You have no right to do this here."


class Invalid(Refused):
    """Several refusals at once, each naming its row and field: `faults` is a list of Refused."""

    sentence = "The data has faults; nothing was stored."

    def __init__(self, faults: list[Refused]) -> None:
        super().__init__()
        self.faults = faults

    def __str__(self) -> str:
        return "; ".join(str(fault) for fault in self.faults)
