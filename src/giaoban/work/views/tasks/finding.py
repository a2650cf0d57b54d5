"""What every page of tasks shares: the task that the address names, numbers and days."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from giaoban.work import queries
from giaoban.work.models import Task


def find(request: HttpRequest, task_id: int) -> Task:
    try:
        return queries.task(request.actor, task_id, request.today)
    except Task.DoesNotExist:
        raise Http404 from None


def number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() else None


def day_of(day: Any) -> str:
    return day.strftime("%d/%m/%Y") if day else ""
