"""What the pages of saved views and of verbs on many tasks may send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.people.models import Position
from giaoban.ui.widgets import DayInput
from giaoban.work.forms import area


class KeepForm(forms.Form):
    name = forms.CharField(label=_("Name of the view"), max_length=80)
    shared = forms.BooleanField(label=_("Everybody in my unit sees it"), required=False)
    first = forms.BooleanField(label=_("Open the tasks with it"), required=False)


class ManyForm(forms.Form):
    """A word to all, where the verb needs none."""

    text = forms.CharField(label=_("A word to the lead units"), required=False, max_length=2000, widget=area(2))

    def said(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ManyReasonForm(ManyForm):
    text = None  # type: ignore[assignment]
    reason = forms.CharField(label=_("One reason for all"), max_length=2000, widget=area(3))


class ManyExtendForm(ManyForm):
    to_on = forms.DateField(
        label=_("Grant until"),
        required=False,
        widget=DayInput(),
        help_text=_("Empty: each until the day it asked for."),
    )
    field_order = ["to_on", "text"]


class ManyHandForm(ManyForm):
    text = None  # type: ignore[assignment]
    officer = forms.ModelChoiceField(label=_("Officer in charge"), queryset=Position.objects.none())

    def __init__(self, *args: Any, positions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = positions  # type: ignore[attr-defined]
        self.fields["officer"].label_from_instance = lambda seat: seat.title  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        return {"officer_id": self.cleaned_data["officer"].pk}
