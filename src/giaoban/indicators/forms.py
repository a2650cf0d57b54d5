"""Forms of this room: what is asked when a round is opened, and single days in small dialogs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.indicators.actions import StepSpec
from giaoban.indicators.queries import openings
from giaoban.ui.widgets import DayInput


class DayForm(forms.Form):
    """One optional day, day first."""

    day = forms.DateField(required=False, widget=DayInput())

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> date | None:
        """The day, or None when it is empty or unreadable: the verb then says what it needs."""
        form = cls(data)
        return form.cleaned_data["day"] if form.is_valid() else None


class ChoiceForm(forms.Form):
    """First page of opening a round: which sheet, which period, for whom, along which line."""

    sheet = forms.ChoiceField(label=_("Sheet"))
    period = forms.ChoiceField(label=_("Reporting period"))
    opener = forms.TypedChoiceField(label=_("Opened by"), coerce=int)
    hierarchy = forms.ChoiceField(
        label=_("Units are taken from"),
        help_text=_("All units of the sheet's kinds below the opener in this hierarchy."),
    )
    line = forms.ChoiceField(label=_("The reports go through"), widget=forms.RadioSelect)

    def __init__(self, options: openings.Options, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data or None, initial=options.initial)
        for name in ("sheet", "period", "opener", "hierarchy", "line"):
            self.fields[name].choices = getattr(options, f"{name}s")
        if len(options.openers) == 1:
            self.fields["opener"].widget = forms.HiddenInput()


class RoundForm(forms.Form):
    """Second page: days, the steps' names, and words to the units."""

    due_on = forms.DateField(label=_("Units hand in by"), widget=DayInput())
    note = forms.CharField(
        label=_("Words to the units"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    document = forms.ChoiceField(label=_("Asked for by document"), required=False)

    def __init__(
        self, steps: list[StepSpec], documents: list[tuple[str, str]], data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=initial)
        self.steps = steps
        self.fields["document"].choices = [("", _("no document")), *documents]
        for order, step in enumerate(steps, start=1):
            self.fields[f"step_{order}_name"] = forms.CharField(
                label=_("Step %(n)s") % {"n": order}, max_length=200, initial=step.name
            )
            self.fields[f"step_{order}_due"] = forms.DateField(
                label=_("done by"), widget=DayInput(), initial=step.due_on
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and day of each step, for the page."""
        return [(self[f"step_{n}_name"], self[f"step_{n}_due"]) for n in range(1, len(self.steps) + 1)]

    def specs(self) -> list[StepSpec]:
        """The line as the person left it."""
        return [
            StepSpec(
                name=self.cleaned_data[f"step_{order}_name"],
                due_on=self.cleaned_data[f"step_{order}_due"],
                where=step.where,
                verb=step.verb,
                unit_id=step.unit_id,
            )
            for order, step in enumerate(self.steps, start=1)
        ]
