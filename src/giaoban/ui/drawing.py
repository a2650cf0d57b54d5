"""Icons and badges as markup, for the template tags and for charts."""

from __future__ import annotations

import functools

import lucide
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from giaoban.ui.looks import look


@functools.lru_cache(maxsize=512)
def icon(name: str, size: int = 18) -> SafeString:
    """An icon that only repeats the word beside it, hence hidden from screen readers."""
    attributes = {"class": "icon", "aria-hidden": "true", "focusable": "false"}
    return mark_safe(lucide._render_icon(name, size, **attributes))  # noqa: S308 (drawn from the package's own files)


def badge(word: str, tone: str = "quiet", shape: str = "circle") -> SafeString:
    """A word with a shape and a tone."""
    return format_html('<span class="badge {}">{}{}</span>', tone, icon(shape, 14), word)


def state(code: str, word: str = "") -> SafeString:
    """The badge of a state of `ui.looks`; `word` says it more exactly."""
    shown = look(code)
    return badge(word or str(shown.word), shown.tone, shown.icon)
