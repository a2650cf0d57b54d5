"""Shows the blocks of an official document on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django import template

from giaoban.files.official import Block, Table

register = template.Library()


@register.filter
def block_kind(block: Block) -> str:
    """Which kind of block it is: Heading, Paragraph, Table …"""
    return type(block).__name__


@register.filter
def rows(block: Table) -> Iterator[tuple[list[tuple[str, str]], bool]]:
    """The rows of a table, each text with the side it stands on, and whether the row is strong."""
    sides = [column.align for column in block.columns]
    for number, row in enumerate(block.rows):
        yield list(zip(map(_unbroken, row), sides, strict=True)), number in block.strong


def _unbroken(text: str) -> str:
    """As on paper: a line never begins with a lone percent sign."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


@register.filter
def slot_name(slots: Mapping[str, str], slot: str) -> str:
    """What belongs into a slot."""
    return slots.get(slot, "")


@register.filter
def holds(words: Mapping[str, str], slot: str) -> bool:
    """Whether a person wrote into the slot."""
    return slot in words
