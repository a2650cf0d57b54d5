"""What the office may propose for a document, and what the leader may note."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.documents.naming import Circle, UnitsField


class ProposalForm(forms.Form):
    """Who leads, who helps, by when; all of it may be left to the leader but the words."""

    words = forms.CharField(
        label=_("Proposed handling"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    lead = UnitsField(label=_("Lead unit"), required=False, help_text=_("Empty: the document is only filed."))
    partners = UnitsField(label=_("Partner units"), many=True, required=False)
    due = forms.CharField(
        label=_("Due time"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, circle: Circle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "partners"):
            self.fields[name].circle = circle  # type: ignore[attr-defined]


class NoteForm(ProposalForm):
    """The leader's note: what was proposed stands in it already."""

    leader = forms.CharField(label=_("Leader in charge"), required=False, max_length=200)
    field_order = ["words", "lead", "leader", "partners", "due"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("Opinion of the leader")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("lead") and not data.get("due"):
            self.add_error("due", _("A task needs a due time: a day, a month, a quarter, or “thường xuyên”."))
        return data
