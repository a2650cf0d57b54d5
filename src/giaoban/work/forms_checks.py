"""What the pages of checks may send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.documents.naming import UnitsField, ids
from giaoban.ui.widgets import DayInput
from giaoban.work import check_rules, dues
from giaoban.work.forms import InCircle, area
from giaoban.work.models import Finding, PlannedCheck


class TopicField(forms.ChoiceField):
    """One of the topics of the rules."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Topic"), choices=lambda: list(check_rules.topics().items()), **kwargs)


class TimeField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        help_text = _("In words: tháng 3/2026, quý II/2026, 16/3/2026, 16/3/2026 – 20/3/2026.")
        super().__init__(label=_("Time of the check"), max_length=100, help_text=help_text, **kwargs)


class LineForm(InCircle):
    """One line of the plan: what is checked, where, when, by whom, on what basis."""

    subject = forms.CharField(label=_("What is checked"), max_length=500, widget=area(2))
    topic = TopicField(help_text=_("By its topic two plans are seen to meet."))
    units = UnitsField(
        label=_("Units checked"), many=True, help_text=_("Names or whole groups of that day, parted with “;”.")
    )
    time = TimeField()
    form = forms.ChoiceField(label=_("Form of the check"), choices=PlannedCheck.Form.choices)
    lead = forms.TypedChoiceField(label=_("Conducted by"), coerce=int)
    basis = forms.CharField(
        label=_("Legal basis (document number)"), max_length=60, required=False, help_text=_("A registered document.")
    )
    basis_text = forms.CharField(label=_("Legal basis in words"), max_length=300, required=False)
    reason = forms.CharField(
        label=_("Why it is added now"), max_length=300, required=False, help_text=_("Needed once the plan is approved.")
    )

    def __init__(self, *args: Any, offices: Sequence[tuple[int, str]], adding: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].choices = offices  # type: ignore[attr-defined]
        if not adding:
            del self.fields["reason"]

    def arguments(self) -> dict[str, Any]:
        """The arguments of the verb, without the document of the basis."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("units", "lead", "basis")}
        named = self.cleaned_data["units"]
        group = "; ".join(f"{each.text} ({len(each.unit_ids)})" for each in named if each.group)
        return {**data, "unit_ids": ids(named), "lead_id": self.cleaned_data["lead"], "group": group[:300]}


class MoveForm(forms.Form):
    time = TimeField()
    reason = forms.CharField(label=_("Reason"), max_length=300)


class BecauseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class HeirForm(InCircle):
    unit = UnitsField(label=_("Unit checked instead"))


class MemberForm(InCircle):
    name = forms.CharField(label=_("Name of the member"), max_length=100)
    office = forms.CharField(label=_("Office held"), max_length=200, required=False)
    unit = UnitsField(label=_("Unit of the member"), required=False)
    part = forms.CharField(label=_("Part of the work"), max_length=300, required=False)
    head = forms.BooleanField(label=_("Head of the team"), required=False)


class IssueForm(forms.Form):
    """A document of this number: the one registered, or entered in the register now."""

    symbol = forms.CharField(
        label=_("Number and symbol"),
        max_length=60,
        help_text=_("Of the register if it is there already; else it is entered."),
    )
    issued_on = forms.DateField(label=_("Day of issue"), widget=DayInput())


class DecideForm(IssueForm):
    opens_on = forms.DateField(label=_("Opening day"), widget=DayInput())
    papers = forms.CharField(
        label=_("Papers asked of the unit"), required=False, widget=area(4), help_text=_("One on each line.")
    )
    papers_due_on = forms.DateField(label=_("To be handed in by"), required=False, widget=DayInput())


class JoinForm(forms.Form):
    words = forms.CharField(label=_("A word to the other side"), max_length=300, required=False)


class PaperForm(forms.Form):
    title = forms.CharField(label=_("Paper asked for"), max_length=300)


class GiveForm(forms.Form):
    note = forms.CharField(label=_("Note, or where it can be seen"), max_length=500, required=False)
    file = forms.FileField(label=_("File"), required=False)


class MinutesForm(forms.Form):
    present = forms.CharField(
        label=_("Who is present"), widget=area(4), help_text=_("Of the team and of the unit, one on each line.")
    )
    summary = forms.CharField(label=_("What else the minutes say"), required=False, widget=area(3))


class FindingForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of finding"), choices=Finding.Kind.choices)
    topic = TopicField()
    text = forms.CharField(label=_("What was found"), widget=area(3))
    measure = forms.CharField(label=_("Measure proposed"), required=False, widget=area(2))
    file = forms.FileField(label=_("Evidence (file)"), required=False)


class OpinionForm(forms.Form):
    opinion = forms.CharField(label=_("Opinion of the unit"), widget=area(3))


class RemedyForm(forms.Form):
    text = forms.CharField(label=_("What is to be done"), widget=area(2))
    due = forms.CharField(label=_("Due time"), max_length=200)
    deliverable = forms.CharField(label=_("Deliverable"), max_length=300, required=False)

    def __init__(self, *args: Any, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_due(self) -> str:
        words: str = self.cleaned_data["due"]
        try:
            dues.read(words, self.on)
        except dues.BadDue:
            raise forms.ValidationError(
                _("This names no due time; write a day, month, quarter or year, or “thường xuyên”.")
            ) from None
        return words


class ExplainForm(forms.Form):
    text = forms.CharField(label=_("Explanation"), widget=area(3))


class AnswerForm(forms.Form):
    """An offer or an explanation is accepted, or refused with the reason."""

    answer = forms.CharField(label=_("Words of the answer"), max_length=500, required=False)


class ConcludeForm(IssueForm):
    text = forms.CharField(label=_("Text of the notice"), widget=area(8))
