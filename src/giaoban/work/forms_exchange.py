"""What the pages of tables in and out may send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.work.forms import InTheName

ROLES = [
    ("", _("not used")),
    ("no", _("No.")),
    ("work", _("Task")),
    ("lead", _("Lead unit")),
    ("partners", _("Partner units")),
    ("both", _("Lead and partners in one")),
    ("due", _("Due time")),
    ("deliverable", _("Deliverable")),
    ("leader", _("Leader in charge")),
    ("note", _("Note")),
    ("symbol", _("Number of the assigning document")),
    ("issued", _("Day of the assigning document")),
    ("issuer", _("Who issued it")),
    ("subject", _("Subject of the document")),
    ("state", _("State")),
    ("done", _("Completed on")),
    ("result", _("Result")),
    ("report", _("Report document")),
]


class TakeInForm(InTheName):
    """A table of tasks, and out of what they are given."""

    unit = forms.ChoiceField(label=_("Assigning unit"))
    document = forms.CharField(
        label=_("Assigned by the document number"),
        max_length=60,
        required=False,
        help_text=_("As registered, such as 12/KH-UBND. Empty: given directly."),
    )
    conclusion = forms.ChoiceField(label=_("Out of the conclusion"), required=False)
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or DOCX, up to 10 MB. Nothing is assigned before you have seen what it says."),
    )

    def __init__(self, *args: Any, conclusions: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["conclusion"]
        if conclusions and isinstance(chosen, forms.ChoiceField):
            chosen.choices = conclusions
            del self.fields["document"]
        else:
            del self.fields["conclusion"]


class TrackingForm(InTheName):
    """The tracking sheet of the superior level."""

    unit = forms.ChoiceField(label=_("For the unit"))
    file = forms.FileField(
        label=_("File"), help_text=_("XLSX, up to 10 MB. Nothing is changed before you have seen what differs.")
    )
