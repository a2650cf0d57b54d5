"""What the opener fills in, and what a unit answers, read from the form into plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.indicators.models import Element
from giaoban.orgs.models import Snapshot
from giaoban.quick.models import QuickQuestion
from giaoban.quick.shipped import Asked
from giaoban.ui.widgets import DayInput

PLACES = 5
YES_NO = [("so", _("a number")), ("co-khong", _("yes or no"))]


class OpenForm(forms.Form):
    """One page: what is asked, of whom, until when."""

    opener = forms.TypedChoiceField(label=_("The asking unit"), coerce=int)
    title = forms.CharField(label=_("What is asked, in some words"), max_length=200)
    kinds = forms.MultipleChoiceField(label=_("Kinds of unit"), required=False, widget=forms.CheckboxSelectMultiple())
    areas = forms.TypedMultipleChoiceField(label=_("Communes"), coerce=int, required=False)
    groups = forms.TypedMultipleChoiceField(
        label=_("Groups"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple()
    )
    names = forms.CharField(
        label=_("Units by name or code"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line. Leave empty where kinds and places say it."),
    )
    hours = forms.IntegerField(label=_("Due in how many hours"), min_value=1, max_value=72)
    note = forms.CharField(
        label=_("Words to the units"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )
    by_link = forms.BooleanField(
        label=_("Each unit may answer through a link of its own, without signing in"),
        required=False,
        help_text=_("The link shows the questions only and ends with the quick round; such answers are marked."),
    )
    repeat_until = forms.DateField(
        label=_("Ask again every working day until"), required=False, widget=DayInput(), help_text=_("Empty: once.")
    )

    def __init__(
        self,
        *given: Any,
        openers: Sequence[tuple[int, str]],
        kinds: Sequence[tuple[str, str]],
        areas: Sequence[Snapshot],
        groups: Sequence[tuple[int, str]],
        **named: Any,
    ) -> None:
        super().__init__(*given, **named)
        self.fields["opener"].choices = openers
        self.fields["kinds"].choices = kinds
        self.fields["areas"].choices = [(row.unit_id, row.name) for row in areas]
        self.fields["groups"].choices = groups
        for n in range(1, PLACES + 1):
            self.fields[f"text_{n}"] = forms.CharField(
                label=_("Question %(n)s") % {"n": n}, required=False, max_length=200
            )
            self.fields[f"unit_{n}"] = forms.CharField(label=_("Unit of count"), required=False, max_length=40)
            self.fields[f"kind_{n}"] = forms.ChoiceField(label=_("Answer"), choices=YES_NO, required=False)
            self.fields[f"element_{n}"] = forms.CharField(required=False, widget=forms.HiddenInput(), max_length=60)

    @property
    def question_rows(self) -> list[dict[str, forms.BoundField]]:
        return [
            {name: self[f"{name}_{n}"] for name in ("text", "unit", "kind", "element")} for n in range(1, PLACES + 1)
        ]

    def questions(self) -> list[Asked]:
        """What is asked; an element picked from the catalogue holds only as long as its words were not changed."""
        data, found = self.cleaned_data, []
        for n in range(1, PLACES + 1):
            text = data.get(f"text_{n}", "").strip()
            if text:
                element = data.get(f"element_{n}", "")
                kept = element if Element.objects.filter(pk=element, name=text).exists() else ""
                found.append(Asked(text, data.get(f"unit_{n}", ""), data.get(f"kind_{n}") == "co-khong", kept))
        return found

    def named(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]


def as_initial(questions: Sequence[Asked]) -> dict[str, str]:
    found = {}
    for n, one in enumerate(questions[:PLACES], start=1):
        found |= {
            f"text_{n}": one.text,
            f"unit_{n}": one.unit,
            f"kind_{n}": "co-khong" if one.yes_no else "so",
            f"element_{n}": one.element,
        }
    return found


def answers(questions: Sequence[QuickQuestion], data: Mapping[str, str]) -> dict[int, str]:
    """{cell: text}. The box “none” says nought where nothing was typed; an empty answer stays empty."""
    found = {}
    for one in questions:
        text = data.get(f"cell-{one.cell_id}", "").strip()
        if not text and data.get(f"none-{one.cell_id}"):
            text = "0"
        if one.yes_no and text not in ("0", "1"):
            text = ""
        found[one.cell_id] = text[:40]
    return found
