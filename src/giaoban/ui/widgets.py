"""Form widgets for days: written day first, whatever language the browser speaks.

A native date field shows 9/5/2026 for the 5th of September in an English browser, the very mistake the trap list
warns of; so the field is text, and the browser's calendar is only an aid beside it (static/ui/day.js).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    """A day as 05/09/2026."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"inputmode": "numeric", "placeholder": _("dd/mm/yyyy"), "autocomplete": "off", "data-day": "date"}
        super().__init__({**own, **(attrs or {})}, format="%d/%m/%Y")


class MomentInput(forms.DateTimeInput):
    """A time and a day as 08:00 05/09/2026."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"placeholder": _("hh:mm dd/mm/yyyy"), "autocomplete": "off", "data-day": "datetime-local"}
        super().__init__({**own, **(attrs or {})}, format="%H:%M %d/%m/%Y")
