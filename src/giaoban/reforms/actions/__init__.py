"""Every change of reforms: prepare a draft, look at what it would do, do it, undo it, decide what it leaves open."""

from giaoban.reforms.actions.applying import Preview, apply, follow, preview, undo
from giaoban.reforms.actions.deciding import answer
from giaoban.reforms.actions.drafting import Heading, add_part, again, change_part, discard, draft, drop_part, edit

__all__ = [
    "Heading",
    "Preview",
    "add_part",
    "again",
    "answer",
    "apply",
    "change_part",
    "discard",
    "draft",
    "drop_part",
    "edit",
    "follow",
    "preview",
    "undo",
]
