"""Forms of this room: what is asked when a round is opened, and single days in small dialogs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.indicators.actions import StepSpec
from giaoban.indicators.actions.lines import Part
from giaoban.indicators.actions.rounds import Stagger
from giaoban.indicators.models import SignedForm
from giaoban.indicators.queries import openings
from giaoban.indicators.queries.holding import Cluster
from giaoban.indicators.queries.lines import LineStep
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


class Days(forms.CharField):
    """Numbers of working days, such as "3, 1"; empty for none."""

    def to_python(self, value: Any) -> list[int]:
        parts = [part.strip() for part in (super().to_python(value) or "").replace(";", ",").split(",")]
        if not all(part.isdecimal() and 0 < int(part) <= MOST_DAYS for part in parts if part):
            raise forms.ValidationError(_("Write working days as numbers, such as 3, 1."))
        return [int(part) for part in parts if part]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


MOST_DAYS = 30
SIGNED_FORMS = {
    SignedForm.NONE: _("No: the figures handed in are enough"),
    SignedForm.DIGITAL: _("A digitally signed file (PDF)"),
    SignedForm.PAPER: _("Paper with signature and seal"),
    SignedForm.EITHER: _("Either a digitally signed file or paper with seal"),
}


@dataclass(frozen=True)
class LinePart:
    """One line of the round in the form: its name, who goes along it, its steps with the days proposed."""

    name: str
    units: list[int]
    steps: list[StepSpec]

    @property
    def count(self) -> int:
        return len(self.units)


class RoundForm(forms.Form):
    """Second page: days of every level, due times of clusters, reminders, signed copy, words to the units."""

    due_on = forms.DateField(label=_("Units hand in by"), widget=DayInput())
    due_time = forms.TimeField(
        label=_("at the latest at"), required=False, input_formats=["%H:%M"],
        help_text=_("Empty: by the end of the day."),
        widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": "17:00", "inputmode": "numeric"}),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Words to the units"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    document = forms.ChoiceField(label=_("Asked for by document"), required=False)
    signed_copy = forms.ChoiceField(
        label=_("Is a signed copy needed"), choices=list(SIGNED_FORMS.items()), required=False
    )
    remind_before = Days(
        label=_("Remind, working days before"), required=False, help_text=_("For example 3, 1. Empty: not by itself.")
    )
    escalate_after = Days(
        label=_("Tell the level above, working days after"), required=False,
        help_text=_("For example 1, 3: first the commune, then the Department."),
    )  # fmt: skip
    take_from = forms.MultipleChoiceField(
        label=_("Take in first what is held already"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, parts: list[LinePart], documents: list[tuple[str, str]], data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None, clusters: Sequence[Cluster] = (),
        series: Sequence[tuple[str, str]] = (),
    ) -> None:  # fmt: skip
        super().__init__(data, initial=initial)
        self.parts, self.clusters = parts, list(clusters)
        self.fields["document"].choices = [("", _("no document")), *documents]
        self.fields["take_from"].choices = list(series)
        if not series:
            del self.fields["take_from"]
        for number, part in enumerate(parts, start=1):
            self._steps(number, part)
        for one in self.clusters:
            self.fields[f"cluster_{one.unit}_days"] = forms.IntegerField(
                label=_("Working days later"), required=False, min_value=0, max_value=MOST_DAYS
            )
            self.fields[f"cluster_{one.unit}_time"] = forms.TimeField(
                label=_("at the latest at"), required=False, input_formats=["%H:%M"],
                widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": "10:00", "inputmode": "numeric"}),
            )  # fmt: skip

    def _steps(self, number: int, part: LinePart) -> None:
        for order, step in enumerate(part.steps, start=1):
            name = step_field(number, order)
            self.fields[f"{name}_name"] = forms.CharField(
                label=_("Step %(n)s") % {"n": order}, max_length=200, initial=step.name
            )
            self.fields[f"{name}_due"] = forms.DateField(label=_("done by"), widget=DayInput(), initial=step.due_on)

    @property
    def sections(self) -> list[tuple[LinePart, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """Each line with name and day of its steps, for the page."""
        return [
            (part, [(self[f"{step_field(n, order)}_name"], self[f"{step_field(n, order)}_due"])
                    for order in range(1, len(part.steps) + 1)])
            for n, part in enumerate(self.parts, start=1)
        ]  # fmt: skip

    @property
    def cluster_rows(self) -> list[tuple[Cluster, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"cluster_{one.unit}_days"], self[f"cluster_{one.unit}_time"]) for one in self.clusters]

    def line_parts(self) -> list[Part]:
        """The lines as the person left them."""
        return [
            Part(part.name, self._specs(number, part), part.units) for number, part in enumerate(self.parts, start=1)
        ]

    def _specs(self, number: int, part: LinePart) -> list[StepSpec]:
        return [
            replace(
                step,
                name=self.cleaned_data[f"{step_field(number, order)}_name"],
                due_on=self.cleaned_data[f"{step_field(number, order)}_due"],
            )
            for order, step in enumerate(part.steps, start=1)
        ]

    def staggers(self) -> list[Stagger]:
        """Clusters that were given a due time of their own."""
        found = []
        for one in self.clusters:
            days, hour = (
                self.cleaned_data[f"cluster_{one.unit}_days"] or 0,
                self.cleaned_data[f"cluster_{one.unit}_time"],
            )
            if days or hour:
                found.append(Stagger(one.unit, days, hour))
        return found


def step_field(part: int, order: int) -> str:
    """The name of a step's inputs; those of the first line have no prefix."""
    return f"step_{order}" if part == 1 else f"line_{part}_step_{order}"


class LineForm(forms.Form):
    """A line of the province: its name, the kinds of unit it is for, and up to six steps."""

    STEPS = 6

    owner = forms.TypedChoiceField(label=_("Set by"), coerce=int)
    code = forms.CharField(label=_("Code"), max_length=60, help_text=_("Letters without marks, digits, dashes."))
    name = forms.CharField(label=_("Name of the line"), max_length=200)
    kinds = forms.MultipleChoiceField(
        label=_("For the kinds of unit"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for every kind."),
    )  # fmt: skip
    start = forms.DateField(label=_("Holds from"), widget=DayInput())
    source = forms.CharField(label=_("Legal basis"), max_length=300, required=False)

    def __init__(
        self, owners: list[tuple[int, str]], kinds: list[tuple[str, str]], units: list[tuple[int, str]],
        data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["owner"].choices = owners
        self.fields["kinds"].choices = kinds
        where = [*WHERE_WORDS.items(), *((f"unit-{key}", name) for key, name in units)]
        for order in range(1, self.STEPS + 1):
            self.fields[f"step_{order}_name"] = forms.CharField(label=_("Step"), max_length=200, required=False)
            self.fields[f"step_{order}_where"] = forms.ChoiceField(label=_("Who"), choices=where, required=False)
            self.fields[f"step_{order}_verb"] = forms.ChoiceField(
                label=_("What"), choices=list(VERB_WORDS.items()), required=False
            )
            self.fields[f"step_{order}_days"] = forms.IntegerField(
                label=_("Working days"), min_value=0, max_value=60, required=False, initial=1
            )

    @property
    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        return [
            (n, [self[f"step_{n}_{part}"] for part in ("name", "where", "verb", "days")])
            for n in range(1, self.STEPS + 1)
        ]

    def steps(self) -> list[LineStep]:
        """The steps that have a name, in order."""
        found = []
        for order in range(1, self.STEPS + 1):
            name = self.cleaned_data[f"step_{order}_name"].strip()
            if name:
                where, _dash, unit = self.cleaned_data[f"step_{order}_where"].partition("-")
                days = self.cleaned_data[f"step_{order}_days"] or 0
                found.append(
                    LineStep(name, self.cleaned_data[f"step_{order}_verb"], where, days, int(unit) if unit else None)
                )
        return found


WHERE_WORDS = {
    "management": _("The unit that manages it (commune; for upper secondary schools the Department)"),
    "professional": _("The Department of Education, which guides it"),
    "opener": _("The unit that opens the round"),
    "own": _("The unit itself"),
}
VERB_WORDS = {"figure.check": _("checks"), "figure.approve": _("approves")}
