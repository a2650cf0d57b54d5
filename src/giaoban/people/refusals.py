"""How a door says what a verb refused: translated, at the field it concerns."""

from __future__ import annotations

from collections.abc import Mapping

from django.forms import BaseForm
from django.utils.translation import gettext

from giaoban.core.refusal import Invalid, Refused, sentence

# The sentences of core.refusal itself: core is no room of Django, so its words stand in the catalogue of this room.
OF_CORE = (
    sentence("This cannot be done."),
    sentence("You have no right to do this here."),
    sentence("The data has faults; nothing was stored."),
)


def sentences(refused: Refused) -> list[str]:
    """What a refusal says in the active language, its places filled; of several at once, all of them."""
    if isinstance(refused, Invalid):
        return [line for fault in refused.faults for line in sentences(fault)]
    said = gettext(refused.sentence)
    return [said % refused.params if refused.params else said]


def add_to(form: BaseForm, refused: Refused, fields: Mapping[str, str] | None = None) -> None:
    """Show the refusal at its field of the form, or above the form when it has no such field.

    `fields` translates a verb's argument to the form's field where the two are named differently.
    """
    name = (fields or {}).get(refused.field or "", refused.field)
    for line in sentences(refused):
        form.add_error(name if name in form.fields else None, line)
