"""What the pages of requests and of difficulties may send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.documents.naming import UnitsField
from giaoban.ui.widgets import DayInput
from giaoban.work.forms import InTheName, area, host_choice
from giaoban.work.models import Difficulty


class RequestForm(InTheName):
    unit = forms.ChoiceField(label=_("In the name of"), widget=host_choice("#units"))
    to = UnitsField(label=_("Unit asked"))
    text = forms.CharField(label=_("What is asked"), widget=area(4))
    due_on = forms.DateField(label=_("Answer by"), required=False, widget=DayInput())
    document = forms.CharField(
        label=_("Document number"),
        max_length=60,
        required=False,
        help_text=_("The document that the request is about."),
    )
    field_order = ["unit", "to", "text", "due_on", "document"]


class ReplyForm(forms.Form):
    text = forms.CharField(label=_("Answer"), widget=area(4))
    document = forms.CharField(label=_("Document with the answer (number)"), max_length=60, required=False)


class JudgeForm(forms.Form):
    words = forms.CharField(label=_("What is still missing"), required=False, widget=area(2))


class FromSaidForm(forms.Form):
    """A petition said in a meeting becomes a request to the host."""

    due_on = forms.DateField(label=_("Answer by"), required=False, widget=DayInput())


class DifficultySaidForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Difficulty.Kind.choices)
    cause = forms.CharField(label=_("Cause"), required=False, widget=area(2))
    measure = forms.CharField(label=_("Measure proposed"), required=False, widget=area(2))
    same_as = forms.ModelChoiceField(label=_("Said before as"), queryset=Difficulty.objects.none(), required=False)

    def __init__(self, *args: Any, same: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["same_as"].queryset = same  # type: ignore[attr-defined]


class DifficultyAnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), widget=area(3))


class CorrectionForm(forms.Form):
    text = forms.CharField(label=_("What was said"), widget=area(3))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
