"""What the pages of drafting, handing down, rhythm, groups and requests may send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.documents.naming import UnitsField
from giaoban.ui.widgets import DayInput
from giaoban.work.forms import EvidenceForm, InCircle, TaskForm, area


class VersionForm(forms.Form):
    file = forms.FileField(label=_("File of the draft"))
    note = forms.CharField(label=_("What is new in this version"), max_length=500, required=False)


class AskCommentsForm(InCircle):
    units = UnitsField(label=_("Units asked for comments"), many=True)
    due_on = forms.DateField(label=_("Comments until"), widget=DayInput())


class CommentForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Your unit’s opinion"),
        choices=[("agree", _("Agrees with the draft")), ("comment", _("Has comments"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("Comments"), required=False, widget=area(4))


class TakeOverForm(forms.Form):
    comment = forms.IntegerField(widget=forms.HiddenInput)
    reply = forms.CharField(label=_("What was taken over, or why not"), widget=area(2))


class SubmitForm(forms.Form):
    text = forms.CharField(label=_("A word to whoever signs"), required=False, widget=area(2))


class IssueForm(forms.Form):
    document = forms.CharField(
        label=_("Number of the issued document"), max_length=60, help_text=_("As it stands in the register.")
    )


class HandDownForm(TaskForm):
    """The task, or a piece of it, for units below."""

    text = forms.CharField(label=_("What is to be done"), widget=area(4))
    leader = forms.CharField(label=_("Leader in charge"), max_length=200, required=False)
    report = forms.CharField(
        label=_("Reports while it runs"),
        max_length=200,
        required=False,
        help_text=_("Empty: none. Else in words: hằng tuần, hằng tháng, ngày 20 hằng tháng, hằng quý."),
    )
    field_order = ["text", "lead", "due", "deliverable", "partners", "leader", "report"]


class CycleReportForm(EvidenceForm):
    """One periodic report."""

    due_on = forms.DateField(widget=forms.HiddenInput)
    percent = forms.IntegerField(label=_("Done, %"), required=False, min_value=0, max_value=100)
    field_order = ["due_on", "text", "percent", "document", "file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Results of the period, what is left, what is asked for")


class RhythmForm(forms.Form):
    report = forms.CharField(
        label=_("Reports while it runs"),
        max_length=200,
        required=False,
        help_text=_("Empty: none. Else in words: hằng tuần, hằng tháng, ngày 20 hằng tháng, hằng quý."),
    )


class ReplyForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Your unit’s answer"),
        choices=[("yes", _("Takes it on")), ("no", _("Does not take it on"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("A word, or the reason"), required=False, widget=area(3))
