"""What the pages of reports may send; every form turns into the arguments of one verb."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.reports.actions import LONGEST_WORDS
from giaoban.reports.queries import Choice
from giaoban.ui.widgets import DayInput


class PeriodReportForm(forms.Form):
    """A report of a unit and a period."""

    unit = forms.ChoiceField(label=_("Reporting unit"))
    period = forms.ChoiceField(label=_("Reporting period"))

    def __init__(self, *args: Any, units: list[Choice], periods: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(one.value, one.label) for one in units]  # type: ignore[attr-defined]
        self.fields["period"].choices = [(one.value, one.label) for one in periods]  # type: ignore[attr-defined]


class MeetingReportForm(forms.Form):
    """A notice of a meeting's conclusions."""

    meeting = forms.ChoiceField(label=_("Meeting"))

    def __init__(self, *args: Any, meetings: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = [(one.value, one.label) for one in meetings]  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """A person's own words in a slot."""

    text = forms.CharField(
        label=_("Your words"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 6})
    )


class AddressForm(forms.Form):
    """What stands at the head and foot of the document."""

    number = forms.IntegerField(label=_("Number"), required=False, min_value=1, max_value=99_999)
    symbol = forms.CharField(label=_("Symbol"), max_length=40, help_text=_("After the stroke: BC-UBND"))
    place = forms.CharField(label=_("Place of issue"), max_length=100)
    issued_on = forms.DateField(label=_("Day of issue"), required=False, widget=DayInput())
    signing = forms.CharField(
        label=_("Powers and title of who signs"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A line each, as it is printed: TM. ỦY BAN NHÂN DÂN, then CHỦ TỊCH"),
    )
    signer = forms.CharField(label=_("Who signs"), max_length=100, required=False)
    recipients = forms.CharField(
        label=_("Recipients"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("A line each, the archive last")
    )
