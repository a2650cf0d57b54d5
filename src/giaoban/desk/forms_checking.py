"""Forms of figures and of checking one's own text: what a figure is of, the text to check, why one is withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.analytics.queries import ELEMENT
from giaoban.core import period as periods
from giaoban.desk import comparing
from giaoban.desk.comparing.matching import Offer
from giaoban.desk.proposals import FigureProposal, Reading
from giaoban.documents.naming import Circle, UnitsField, ids
from giaoban.indicators import queries as indicators

LONGEST = 400_000  # signs, as on the reading page

TARGET, FIGURE = "target", "figure"


class FigureForm(forms.Form):
    """Of which indicator, unit and period a figure is. What is likely stands first; anything known can be chosen."""

    kept_as = forms.ChoiceField(
        label=_("What it is"),
        choices=[(FIGURE, _("a figure, to be compared")), (TARGET, _("tells the plan: keep as a target"))],
        initial=FIGURE,
        required=False,
    )
    indicator = forms.ChoiceField(label=_("Indicator or element"))
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    unit_name = UnitsField(
        label=_("or another unit"), required=False, help_text=_("Write its name; accents may be left out.")
    )
    period = forms.ChoiceField(label=_("Period"))

    def __init__(
        self,
        proposal: FigureProposal,
        reading: Reading,
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        offer: Offer | None = None,
    ) -> None:
        offer = offer or comparing.offers(reading).get(proposal.mark.no)
        given = dict(initial or {})
        if offer is not None and offer.likely and not given.get("indicator"):
            given |= comparing.best(offer)
        given["kept_as"] = given.pop("as", "") or (TARGET if proposal.target is not None else FIGURE)
        super().__init__(data, prefix=f"s{proposal.mark.no}", initial=given)
        chosen = comparing.Choices.of(offer) if offer else comparing.Choices()
        self.fields["indicator"].choices = _grouped(chosen.indicators, given.get("indicator", ""))
        self.fields["unit"].choices = [("", _("another unit, named below")), *chosen.units]
        self.fields["period"].choices = _periods(chosen.periods, given.get("period", ""))
        self.fields["unit_name"].circle = Circle(reading.day, reading.near)  # type: ignore[attr-defined]
        if proposal.target is None:
            del self.fields["kept_as"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        named = ids(data.get("unit_name") or [])
        if len(named) > 1:
            self.add_error("unit_name", _("Name one unit only."))
        elif not named and not data.get("unit") and "unit_name" not in self.errors:
            self.add_error("unit", _("Say of which unit the figure is."))
        data["unit_id"] = str(named[0]) if len(named) == 1 else data.get("unit", "")
        return data

    def values(self) -> dict[str, Any]:
        """What is kept of it, plain enough for JSON."""
        data = self.cleaned_data
        return {
            "indicator": data["indicator"],
            "unit": data["unit_id"],
            "period": data["period"],
            "as": data.get("kept_as") or FIGURE,
        }


class CheckForm(forms.Form):
    """One's own text before it is issued, pasted or as a file. Nothing of it is kept."""

    text = forms.CharField(
        label=_("Your text"),
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Paste the whole draft, with its head, so that its day and issuer are understood."),
    )
    file = forms.FileField(label=_("or a file"), required=False, help_text=_("TXT, HTML, DOCX or PDF, at most 10 MB."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("text", "").strip() and not data.get("file"):
            self.add_error("text", _("Paste a text or choose a file."))
        return data


class WithdrawForm(forms.Form):
    """Why an attached figure is not what it was said to be."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


def _grouped(likely: list[tuple[str, str]], kept: str) -> list[Any]:
    """What is likely, then every indicator by its subject, then every element: a code starting with "=" """
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in indicators.indicators():
        groups.setdefault(one.group, []).append((one.code, one.name))
    elements = [(f"{ELEMENT}{one.code}", f"{one.name} ({one.unit})") for one in indicators.elements()]
    known = {code for some in groups.values() for code, _name in some} | {code for code, _name in elements}
    if kept and kept not in known and kept not in dict(likely):
        likely = [*likely, (kept, kept.removeprefix(ELEMENT))]
    found: list[Any] = [(_("choose an indicator or element"), [("", "—")])]
    if likely:
        found = [(_("Likely"), likely), *found]
    return [*found, *((name or _("Others"), some) for name, some in groups.items()), (_("Elements"), elements)]


def _periods(likely: list[tuple[str, str]], kept: str) -> list[tuple[str, str]]:
    held = sorted((periods.parse(code) for code in indicators.period_codes()), key=lambda one: one.data_day)
    codes = dict(likely) | {one.code: one.label for one in reversed(held)}
    if kept and kept not in codes:
        codes[kept] = periods.parse(kept).label
    return list(codes.items())
