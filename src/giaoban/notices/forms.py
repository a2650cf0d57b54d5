"""Forms of the settings of a person, and of the connections of a unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.notices import wording
from giaoban.notices.models import Hook


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(label=_("Mail"), choices=wording.RHYTHMS, widget=forms.RadioSelect)


class FeedForm(forms.Form):
    name = forms.CharField(
        label=_("Where it will be shown"), max_length=100, help_text=_("For example “my phone”: to know it again.")
    )
    titles = forms.BooleanField(
        label=_("Name meetings and tasks"),
        required=False,
        initial=True,
        help_text=_("Without the tick a calendar only says that there is a meeting or a due day, with a link."),
    )


class HookForm(forms.Form):
    unit = forms.TypedChoiceField(label=_("For the unit"), coerce=int)
    name = forms.CharField(label=_("Which system is told"), max_length=100)
    address = forms.CharField(label=_("Address"), max_length=500, help_text=_("Begins with https://"))
    events = forms.MultipleChoiceField(
        label=_("Of which events"), choices=wording.EVENTS, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], hook: Hook | None = None, **kwargs: Any) -> None:
        if hook is not None:
            kwargs.setdefault("initial", {"name": hook.name, "address": hook.address, "events": hook.events})
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units
        if hook is not None:
            del self.fields["unit"]
