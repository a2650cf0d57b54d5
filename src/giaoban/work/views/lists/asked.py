"""What the address of any page of many tasks asks for, and the frame that such pages share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from giaoban.documents import queries as documents
from giaoban.indicators.models import Indicator
from giaoban.people import queries as people
from giaoban.people.models import Position
from giaoban.ui.parts import Tab
from giaoban.work import queries
from giaoban.work.forms import STATES
from giaoban.work.forms_filters import LACKS, NAMES, VIEWS, buckets, read, written
from giaoban.work.models import Relation, SavedView, Task
from giaoban.work.queries import filters, saved

QUICK = ("q", "trang_thai", "don_vi", "tu", "den")
# Each way of looking: its page, its address, its icon.
WAYS = {
    SavedView.Page.TABLE: ("work:tasks", "table-2"),
    SavedView.Page.BOARD: ("work:tasks-board", "square-kanban"),
    SavedView.Page.CALENDAR: ("work:tasks-calendar", "calendar-days"),
    SavedView.Page.HEAT: ("work:tasks-heat", "grid-3x3"),
    SavedView.Page.LEAGUE: ("work:tasks-league", "list-ordered"),
    SavedView.Page.DOCUMENTS: ("work:tasks-documents", "file-text"),
    SavedView.Page.MEETINGS: ("work:tasks-meetings", "presentation"),
}


@dataclass(frozen=True)
class Way:
    label: str
    href: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Chip:
    """A filter that holds, in words, and the address without it."""

    label: str
    value: str
    without: str


def first_view(request: HttpRequest) -> str:
    """Who leads a unit opens on what they gave; others on their own work."""
    held = people.verbs_held(request.actor, request.today)
    return "giao" if "task.confirm" in held else "" if "task.report" in held else "tat-ca"


class Asked:
    """The view and filters of an address; `query` is the same again, checked."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.view = request.GET.get("xem") if request.GET.get("xem") in VIEWS else first_view(request)
        self.filters = read(request.GET, self.view)
        self.query = written(self.filters)

    @property
    def filtered(self) -> bool:
        return self.filters.narrowed

    @property
    def state(self) -> str:
        return self.filters.state

    def tasks(self, **changes: Any) -> QuerySet[Task]:
        """The tasks asked for, with some filters changed."""
        return filters.found(self.request.actor, self.request.today, self.filters.but(**changes))

    @property
    def document(self) -> int | None:
        return self.filters.document

    @property
    def meeting(self) -> int | None:
        return self.filters.meeting

    @property
    def shown(self) -> QuerySet[Task]:
        """The rows of the table, in its order."""
        rows = filters.ordered(self.tasks(), self.request.GET.get("xep", ""))
        rows = rows.select_related("parent", "document", "officer", "conclusion__meeting")
        return rows.defer("document__text", "document__fold").prefetch_related("partners")

    def address(self, page: str = "work:tasks", **changes: Any) -> str:
        """A page of tasks with these filters, some of them changed; None or "" drops one."""
        query = {**self.query, **changes}
        return f"{reverse(page)}?{urlencode({n: v for n, v in query.items() if n == 'xem' or v not in (None, '')})}"

    def hidden(self, but: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """For a form that changes some filters: all the others."""
        return [(name, value) for name, value in self.query.items() if name not in but]

    def chips(self, but: tuple[str, ...] = QUICK, page: str = "work:tasks") -> list[Chip]:
        labels = _labels()
        names = [name for name in self.query if name != "xem" and name not in but]
        return [Chip(labels[name], self._value(name), self.address(page, **{name: ""})) for name in names]

    def _value(self, name: str) -> str:
        """A filter's value as a person reads it. What the actor may not see keeps its number and tells nothing."""
        value: Any = getattr(self.filters, NAMES[name])
        actor, on = self.request.actor, self.request.today
        if name in ("don_vi", "phoi_hop", "don_vi_giao"):
            return queries.names([value], on).get(value, str(value))
        if name == "can_bo":
            seat = Position.objects.filter(pk=value).first()
            return seat.title if seat else str(value)
        if name == "van-ban":
            paper = documents.for_actor(actor, on).filter(pk=value).first()
            return paper.label if paper else str(value)
        if name == "hop":
            meeting = queries.meetings_for(actor, on).filter(pk=value).first()
            return meeting.title if meeting else str(value)
        if name == "goc":
            whole = queries.visible_tasks(actor, on).filter(pk=value).first()
            return whole.title if whole else str(value)
        if name == "chi-tieu":
            indicator = Indicator.objects.filter(pk=value).first()
            return indicator.name if indicator else str(value)
        said = {"trang_thai": STATES, "quan_he": Relation.choices, "thieu": LACKS, "qua_han": buckets()}
        words = {str(code): str(word) for code, word in said.get(name, ())}
        return words.get(str(value), self.query[name])


def _labels() -> dict[str, str]:
    from giaoban.work.forms_filters import FilterForm

    found = {name: str(field.label or "") for name, field in FilterForm().fields.items()}
    return {**found, "goc": _("Part of the task"), "chi-tieu": _("Indicator")}


def frame(asked: Asked, page: SavedView.Page) -> dict[str, Any]:
    """What every page of many tasks shows around its own: whose, how, narrowed to what, the saved views."""
    request = asked.request
    here = WAYS[page][0]
    return {
        "asked": asked,
        "page_code": page.value,
        "page_name": page.label,
        "page_address": here,
        "tabs": _tabs(asked, here),
        "ways": [Way(str(each.label), asked.address(name), icon, each == page) for each, (name, icon) in WAYS.items()],
        "chips": asked.chips(QUICK if page == SavedView.Page.TABLE else (), here),
        "saved": [(view, address_of(view)) for view in saved.views_of(request.actor)],
        "filters_href": asked.address("work:tasks-filters", trang_xem=page.value),
        "clear_href": f"{reverse(here)}?{urlencode({'xem': asked.view})}",
        "keep_href": asked.address("work:views", trang_xem=page.value),
    }


def address_of(view: SavedView) -> str:
    """A saved view is read again when it is opened: only what is a filter still becomes an address."""
    code = view.asked.get("xem", "")
    query = written(read(view.asked, code if code in VIEWS else "tat-ca"))
    return f"{reverse(WAYS[SavedView.Page(view.page)][0])}?{urlencode(query)}"


def page_named(code: str) -> SavedView.Page:
    return SavedView.Page(code) if code in SavedView.Page.values else SavedView.Page.TABLE


def _tabs(asked: Asked, here: str) -> list[Tab]:
    labels = {"": _("Mine"), "don-vi": _("My unit’s"), "giao": _("Given by us"), "tat-ca": _("All I may see")}
    return [Tab(label, asked.address(here, xem=code), current=code == asked.view) for code, label in labels.items()]
