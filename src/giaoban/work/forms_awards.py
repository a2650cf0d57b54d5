"""What the pages of commendations may send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.documents.naming import UnitsField
from giaoban.ui.widgets import DayInput
from giaoban.work.forms import InCircle, InTheName, area, host_choice
from giaoban.work.queries.awards import award_kinds


class OfKinds(InCircle):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.code, each.name) for each in award_kinds().values()]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class AwardForm(OfKinds, InTheName):
    unit = forms.ChoiceField(label=_("In the name of"), widget=host_choice("#units"))
    kind = forms.ChoiceField(label=_("Form of commendation"))
    to = UnitsField(label=_("Unit commended, or whose person"))
    person = forms.CharField(
        label=_("Person commended"),
        max_length=200,
        required=False,
        help_text=_("Empty: the unit as a whole is commended."),
    )
    office = forms.CharField(label=_("What the person is there"), max_length=200, required=False)
    reason = forms.CharField(label=_("Achievement, as the certificate says it"), widget=area(3))
    field_order = ["unit", "kind", "to", "person", "office", "reason"]


class AwardCorrectForm(OfKinds):
    kind = forms.ChoiceField(label=_("Form of commendation"))
    to = UnitsField(label=_("Unit commended, or whose person"))
    person = forms.CharField(label=_("Person commended"), max_length=200, required=False)
    office = forms.CharField(label=_("What the person is there"), max_length=200, required=False)
    reason = forms.CharField(label=_("Achievement, as the certificate says it"), widget=area(3))
    reason_of_change = forms.CharField(label=_("Why it is corrected"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput())


class AwardEndForm(forms.Form):
    reason_of_change = forms.CharField(label=_("Reason"), max_length=300)


class DecisionForm(forms.Form):
    symbol = forms.CharField(
        label=_("Number of the decision"),
        max_length=60,
        help_text=_("Of the document system in use, or the next one of the unit's own register."),
    )
    decided_on = forms.DateField(label=_("Day of the decision"), widget=DayInput())
    signer = forms.CharField(label=_("Who signs"), max_length=100, required=False)
    signer_title = forms.CharField(label=_("Title of who signs"), max_length=200, required=False)
    register = forms.BooleanField(
        label=_("Enter the decision in the register of outgoing documents"), required=False, initial=True
    )
