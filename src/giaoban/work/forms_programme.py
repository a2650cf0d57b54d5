"""What the pages of the work programme may send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.documents.naming import UnitsField, ids
from giaoban.ui.widgets import DayInput
from giaoban.work.forms import InCircle
from giaoban.work.models import ProgrammeItem


class ItemForm(InCircle):
    """One item of the programme."""

    kind = forms.ChoiceField(label=_("Kind of item"), choices=ProgrammeItem.Kind.choices)
    title = forms.CharField(label=_("What takes place"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    lead = UnitsField(label=_("Lead unit"))
    partners_text = forms.CharField(label=_("Partners"), max_length=300, required=False)
    decided_by = forms.CharField(
        label=_("Signed or decided by"),
        max_length=200,
        required=False,
        help_text=_("For example UBND tỉnh, Chủ tịch UBND xã, Giám đốc Sở."),
    )
    due_on = forms.DateField(label=_("To be ready by"), widget=DayInput())

    def arguments(self) -> dict[str, Any]:
        """The arguments of the verb."""
        data = dict(self.cleaned_data)
        leads = ids(data.pop("lead"))
        return {"lead_id": leads[0], **data}

    def clean_lead(self) -> Any:
        named = self.cleaned_data["lead"]
        if len(ids(named)) != 1:
            raise forms.ValidationError(_("Name one unit only."))
        return named
