"""The frame around every page: the rooms of this person, who acts, what waits, which day it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from giaoban.journal.actor import Actor
from giaoban.notices import queries as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.ui.parts import Room


@dataclass(frozen=True)
class Door:
    """One room of the rail: its first page, the verbs that open it (any one), other pages that are its."""

    label: str | Promise
    page: str
    icon: str
    verbs: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()


DOORS = (
    Door(_("Home"), "desk:home", "house"),
    Door(_("Overview"), "desk:overview", "chart-no-axes-combined", frozenset({"figure.view"})),
    Door(_("Maps"), "desk:map", "map", frozenset({"figure.view"})),
    Door(_("Figures"), "indicators:home", "table-2", frozenset({"figure.view", "figure.type", "round.open"})),
    Door(_("Quick questions"), "quick:home", "zap", frozenset({"round.open", "figure.type", "figure.submit"})),
    Door(_("Tasks"), "work:tasks", "list-checks", frozenset({"task.view", "task.report"})),
    Door(
        _("Meetings"),
        "work:meetings",
        "presentation",
        frozenset({"meeting.view", "meeting.plan"}),
        ("work:requests", "work:difficulties", "work:awards"),
    ),
    Door(
        _("Calendar of the week"),
        "work:week",
        "calendar-days",
        frozenset({"week.view", "week.plan"}),
        ("work:programme",),
    ),
    Door(_("Checks"), "work:checks", "clipboard-list", frozenset({"check.view", "check.plan"})),
    Door(_("Documents"), "documents:list", "file-text", frozenset({"document.view", "document.register"})),
    Door(_("Read a document"), "desk:read", "scan-text", frozenset({"reading.use"})),
    Door(_("Reports"), "reports:home", "file-chart-column", frozenset({"report.write"})),
    Door(_("Units"), "orgs:tree", "network"),
    Door(_("Reorganisation"), "reforms:list", "git-merge", frozenset({"unit.manage"})),
    Door(_("Users"), "people:accounts", "users-round", frozenset({"account.manage"})),
    Door(_("Journal"), "people:journal", "history", frozenset({"journal.view"})),
)


@dataclass(frozen=True)
class Frame:
    """What `ui/base.html` shows around a page."""

    today: date
    demo: bool
    actor: Actor | None = None
    unit: str = ""
    unit_href: str = ""
    initials: str = ""
    unread: int = 0
    rooms: list[Room] = field(default_factory=list)
    inbox_href: str = ""
    choose_href: str = ""
    jobs_href: str = ""
    sign_in_href: str = ""
    sign_out_href: str = ""
    search_href: str = ""
    demo_href: str = ""


def frame(request: HttpRequest) -> dict[str, object]:
    """The context processor; lazy, for parts of pages and errors need no frame."""
    return {"frame": SimpleLazyObject(lambda: build(request))}


def build(request: HttpRequest) -> Frame:
    actor = getattr(request, "actor", None)
    shared = {
        "today": getattr(request, "today", None) or localdate(),  # a page refused before the middleware has no day
        "demo": settings.DEMO,
        "sign_in_href": address("people:sign-in"),
        "demo_href": address("demo:welcome") if settings.DEMO else "",
        "search_href": address("desk:search"),
    }
    if actor is None:
        return Frame(**shared)
    return Frame(
        **shared,
        actor=actor,
        unit=orgs.body_name(actor.unit_id, request.today),
        unit_href=address("orgs:unit", actor.unit_id),
        initials=initials(actor.name),
        unread=notices.unread_count(actor),
        rooms=rooms(actor, request.today, request.path),
        inbox_href=address("notices:inbox"),
        choose_href=address("people:me"),
        jobs_href=address("desk:jobs"),
        sign_out_href=address("people:sign-out"),
    )


def rooms(actor: Actor, on: date, path: str) -> list[Room]:
    """The rooms this person may enter, in the order of the loop."""
    held = people.verbs_held(actor, on)
    open_doors = [(door, address(door.page)) for door in DOORS if not door.verbs or door.verbs & held]
    return [
        Room(label=str(door.label), href=href, icon=door.icon, current=_inside(path, href, *map(address, door.also)))
        for door, href in open_doors
        if href
    ]


def _inside(path: str, *pages: str) -> bool:
    return any(path == page or (page not in ("", "/") and path.startswith(page)) for page in pages)


def address(name: str, *args: object) -> str:
    """The address of a page, or nothing when this installation does not have the room."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def initials(name: str) -> str:
    """Nguyễn Thị Hoa → NH: the family name and the name one is called by."""
    words = name.split()
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else name[:2].upper()
