"""How lines of the journal read on a page."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from giaoban.journal.models import Event
from giaoban.people import words

register = template.Library()


@register.filter
def verb_word(verb: str) -> str:
    return words.verb_word(verb)


@register.filter
def actor_words(event: Event) -> str:
    """Who acted, in which position, and for whom: both persons of an act done for another."""
    who = f"{event.actor_name}, {event.actor_title}" if event.actor_title else event.actor_name
    return f"{who} · {_('in place of %(name)s') % {'name': event.acting_for}}" if event.acting_for else who


@register.filter
def detail_words(event: Event) -> list[tuple[str, str]]:
    return words.details(event.data)
