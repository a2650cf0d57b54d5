"""What the verbs on saved views and on several tasks at once refuse."""

from __future__ import annotations

from giaoban.core.refusal import Refused, sentence


class NameTaken(Refused):
    """The person has a view of this name already."""

    sentence = sentence("You have a view named “%(name)s” already.")
    field = "name"


class NothingTicked(Refused):
    """No task was chosen."""

    sentence = sentence("Tick at least one task.")


class TooManyTicked(Refused):
    """More tasks than one report can be read of."""

    sentence = sentence("At most %(most)s tasks at a time; %(count)s were ticked.")


class NotAsked(Refused):
    """More time is granted to who asked for it."""

    sentence = sentence("No more time was asked for.")
