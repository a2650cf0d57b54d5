"""The filters of tasks as an address holds them, and the page on which every one can be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.ui.widgets import DayInput
from giaoban.work import limits
from giaoban.work.forms import STATES
from giaoban.work.models import Relation
from giaoban.work.queries.filters import Filters

VIEWS = {"": "mine", "don-vi": "unit", "giao": "given", "tat-ca": "all"}
LACKS = [
    ("person", _("no officer named")),
    ("authority", _("assigned by the system, not by a position")),
    ("time", _("no due day can be computed from its words")),
    ("result", _("no deliverable is named")),
]
# The name in the address of each filter.
NAMES = {
    "q": "text",
    "trang_thai": "state",
    "don_vi": "lead",
    "phoi_hop": "partner",
    "don_vi_giao": "assigner",
    "can_bo": "officer",
    "lanh_dao": "leader",
    "quan_he": "relation",
    "van-ban": "document",
    "hop": "meeting",
    "goc": "whole",
    "tu": "due_from",
    "den": "due_to",
    "qua_han": "bucket",
    "thieu": "missing",
    "chi-tieu": "indicator",
}
MOST = 2**63 - 1  # the highest id a database has
Choices = Sequence[tuple[Any, Any]]


def buckets() -> Choices:
    """1–30 days, 31–60, 61–120, more than 120: the first is named by its place, 0."""
    bounds = limits.overdue_bounds()
    named = [
        (place, _("%(low)s–%(high)s days overdue") % {"low": low + 1, "high": high})
        for place, (low, high) in enumerate(zip((0, *bounds), bounds))
    ]
    return [*named, (len(bounds), _("more than %(days)s days overdue") % {"days": bounds[-1]})]


class FilterForm(forms.Form):
    """Each filter is checked by itself: what an address says wrongly is not asked for, and the rest holds."""

    q = forms.CharField(label=_("Find in the tasks"), required=False, max_length=200)
    trang_thai = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    qua_han = forms.TypedChoiceField(label=_("Overdue by"), required=False, coerce=int, empty_value=None)
    tu = forms.DateField(label=_("Due from"), required=False, widget=DayInput())
    den = forms.DateField(label=_("to (day)"), required=False, widget=DayInput())
    don_vi = forms.IntegerField(label=_("Lead unit"), required=False, min_value=1, max_value=MOST)
    phoi_hop = forms.IntegerField(label=_("Partner unit"), required=False, min_value=1, max_value=MOST)
    don_vi_giao = forms.IntegerField(label=_("Assigning unit"), required=False, min_value=1, max_value=MOST)
    quan_he = forms.ChoiceField(label=_("How it was given"), required=False)
    can_bo = forms.IntegerField(label=_("Officer in charge"), required=False, min_value=1, max_value=MOST)
    lanh_dao = forms.CharField(label=_("Leader in charge"), required=False, max_length=200)
    thieu = forms.ChoiceField(label=_("Lacks, of the six points"), required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Choices] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.input_type = "search"
        self.fields["van-ban"] = forms.IntegerField(label=_("Document"), required=False, min_value=1, max_value=MOST)
        self.fields["hop"] = forms.IntegerField(label=_("Meeting"), required=False, min_value=1, max_value=MOST)
        self.fields["goc"] = forms.IntegerField(required=False, min_value=1, max_value=MOST, widget=forms.HiddenInput)
        self.fields["chi-tieu"] = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
        for name, offered in (
            ("qua_han", buckets()),
            ("quan_he", Relation.choices),
            ("thieu", LACKS),
        ):
            self.fields[name].choices = [("", _("Any")), *offered]  # type: ignore[attr-defined]
        for name, offered in (choices or {}).items():
            self.fields[name].widget = forms.Select(choices=[("", _("Any")), *offered])

    def filters(self, view: str) -> Filters:
        self.is_valid()
        data = self.cleaned_data
        return Filters(view=VIEWS[view], **{NAMES[n]: v for n, v in data.items() if v not in (None, "")})


def read(query: Mapping[str, Any], view: str) -> Filters:
    """The filters that an address asks for."""
    return FilterForm(query).filters(view)


def written(asked: Filters) -> dict[str, str]:
    """The address that asks for these filters; `read` of it gives them back."""
    view = next(code for code, name in VIEWS.items() if name == asked.view)
    found = {"xem": view}
    for name, kept in NAMES.items():
        value = getattr(asked, kept)
        if value not in (None, ""):
            found[name] = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
    return found
