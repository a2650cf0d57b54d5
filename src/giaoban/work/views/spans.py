"""The span of days that a list is narrowed to by its address: tu=…&den=…"""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest


def span_of(request: HttpRequest) -> tuple[date, date] | None:
    """Both days included; nothing where either is missing or no day."""
    try:
        return date.fromisoformat(request.GET["tu"]), date.fromisoformat(request.GET["den"])
    except (KeyError, ValueError):
        return None
