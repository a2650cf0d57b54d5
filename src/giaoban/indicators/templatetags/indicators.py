"""What the entry page needs of a dictionary keyed by field names."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from giaoban.core.refusal import Refused
from giaoban.people.refusals import sentences

register = template.Library()


@register.filter
def at(found: Mapping[str, str], key: str) -> str:
    """The value under a key that is only known while the page is written; empty when there is none."""
    return found.get(key, "")


@register.filter
def refusal(refused: Refused) -> str:
    """What a refusal says, in the active language."""
    return " ".join(sentences(refused))
