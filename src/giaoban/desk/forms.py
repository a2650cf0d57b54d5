"""Forms of the reading page: the text to read, the line of the register, and a form for each proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from giaoban.core.refusal import Refused
from giaoban.core.text import nfc
from giaoban.desk.proposals import Reading
from giaoban.desk.sifting import TaskItem, as_ids
from giaoban.documents.models import Direction
from giaoban.documents.naming import Circle, UnitsField
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.refusals import sentences
from giaoban.ui.widgets import DayInput
from giaoban.work import dues

LONGEST = 400_000  # signs; the longest decree of the sample has 300,000
ACCEPTED = ".txt,.html,.htm,.docx,.pdf,.png,.jpg,.jpeg,.tif,.tiff,.xlsx"


class TextForm(forms.Form):
    """A pasted text or a file, one of the two."""

    text = forms.CharField(
        label=_("Text of the document"),
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Paste the whole text; lines and bullets may stay as they are."),
    )
    file = forms.FileField(
        label=_("or a file"),
        required=False,
        help_text=_("TXT, HTML, DOCX, PDF, a scan or an assignment annex in XLSX; at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("text", "").strip() and not data.get("file"):
            self.add_error("text", _("Paste a text or choose a file."))
        return data


class RegisterForm(forms.Form):
    """The line the document gets in the register of my unit."""

    owner = forms.TypedChoiceField(label=_("Register of"), coerce=int)
    direction = forms.ChoiceField(label=_("Book of documents"), choices=Direction.choices, initial=Direction.IN)
    symbol = forms.CharField(
        label=_("Number and symbol"), required=False, max_length=60, help_text=_("For example 157/KH-UBND.")
    )
    issued_on = forms.DateField(label=_("Issued on"), required=False, widget=DayInput())
    issuer_text = forms.CharField(label=_("Issued by"), required=False, max_length=200)
    subject = forms.CharField(
        label=_("What the document is about"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    @classmethod
    def of(cls, reading: Reading, data: Any = None, line: Mapping[str, Any] | None = None) -> RegisterForm:
        head = reading.heading
        form = cls(
            data,
            prefix="so",
            initial={
                "symbol": head.symbol,
                "issued_on": head.issued_on or (reading.day if reading.day != reading.on else None),
                "issuer_text": reading.issuer_name,
                "subject": head.subject,
                **(line or {}),
            },
        )
        form.fields["owner"].choices = owners(reading)
        form.fields["owner"].initial, form.fields["direction"].initial = likely_line(reading)
        return form


class TaskForm(forms.Form):
    """One proposed task put right by a person. Units are named, several leads do a part each."""

    text = forms.CharField(label=_("Task"), widget=forms.Textarea(attrs={"rows": 4}))
    lead = UnitsField(
        label=_("Lead unit"), many=True, required=False, help_text=_("Write its name; accents may be left out.")
    )
    remember = forms.BooleanField(label=_("Remember this name"), required=False, initial=True)
    partners = UnitsField(
        label=_("Partner units"), many=True, required=False, help_text=_("Part several units by semicolons.")
    )
    due = forms.CharField(
        label=_("Due time"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("In words or as a day: quý II/2026, 15/3/2026, thường xuyên."),
    )
    due_on = forms.DateField(
        label=_("Day meant"),
        required=False,
        widget=DayInput(),
        help_text=_("Only where the words of the due time name no day, such as “trong hè”."),
    )
    deliverable = forms.CharField(label=_("Deliverable"), required=False, max_length=300)

    def __init__(self, item: TaskItem, circle: Circle, data: Any = None) -> None:
        self.item = item
        understood = item.proposal.due_on is None and "due_on" not in item.values
        super().__init__(
            data,
            prefix=item.code.lower(),
            initial={
                "text": item.text,
                "lead": item.lead_words,
                "partners": item.partner_words,
                "due": item.due,
                "due_on": None if understood else item.due_on,
                "deliverable": item.deliverable,
            },
        )
        circle = replace(circle, offered={**offered(item), **circle.offered})
        for name in ("lead", "partners"):
            self.fields[name].circle = circle
        self.fields["lead"].widget.attrs["data-units"] = "one"  # typed over, not added to
        self.on = item.day
        if item.unknown_names:
            self.fields["remember"].label = _("Remember “%(name)s” as this unit") % {"name": item.unknown_names[0]}
        else:
            del self.fields["remember"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("due") and not data.get("due_on"):
            try:
                dues.read(data["due"], self.on)
            except Refused as refused:
                self.add_error("due", sentences(refused)[0])
        return data

    def values(self) -> dict[str, Any]:
        """What is kept of it, plain enough for JSON; the name is remembered only where one unit was chosen."""
        data = self.cleaned_data
        leads = [[one.text, list(one.unit_ids)] for one in data["lead"]]
        kept = {
            "text": nfc(data["text"]).strip(),
            "leads": leads,
            "partners": [[one.text, list(one.unit_ids)] for one in data["partners"]],
            "due": data["due"].strip(),
            "due_on": data["due_on"].isoformat() if data["due_on"] else None,
            "deliverable": data["deliverable"].strip(),
        }
        return kept | remembered(self.item, leads, bool(data.get("remember")))


class LeadForm(forms.Form):
    """The one question of a task that names nobody: who leads?"""

    lead = UnitsField(label=_("Who leads it?"), many=True)
    remember = forms.BooleanField(required=False)

    def __init__(self, item: TaskItem, circle: Circle, data: Any = None) -> None:
        self.item = item
        super().__init__(data, prefix=item.code.lower())
        self.fields["lead"].circle = replace(circle, offered={**offered(item), **circle.offered})
        self.fields["lead"].widget.attrs["data-units"] = "one"

    def values(self) -> dict[str, Any]:
        leads = [[one.text, list(one.unit_ids)] for one in self.cleaned_data["lead"]]
        return {"leads": leads} | remembered(self.item, leads, bool(self.cleaned_data.get("remember")))


def offered(item: TaskItem) -> dict[str, tuple[int, ...]]:
    """Names that are understood in this task at once: how its names were read, and what a person chose."""
    read = [*item.proposal.leads, *item.proposal.partners]
    return {choice.label: as_ids(choice.value) for choice in read} | dict([*item.lead_names, *item.partner_names])


def remembered(item: TaskItem, leads: list[list[Any]], wanted: bool) -> dict[str, Any]:
    """The alias that this choice teaches: the unknown name of the text, and the one unit that was chosen for it."""
    units = [unit for _text, ids in leads for unit in ids]
    if not wanted or len(units) != 1 or len(item.unknown_names) != 1:
        return {}
    return {"alias": [item.unknown_names[0], units[0]]}


class CommonForm(forms.Form):
    """What is asked once for all tasks that are given together."""

    due = forms.CharField(
        label=_("Due of tasks that name none"),
        required=False,
        max_length=200,
        help_text=_("for example 30/4/2026 or thường xuyên"),
    )

    def __init__(self, undated: int, on: date, data: Any = None) -> None:
        self.undated, self.on = undated, on
        super().__init__(data, prefix="chung")

    def clean_due(self) -> str:
        words = self.cleaned_data["due"].strip()
        if not words and self.undated:
            raise ValidationError(_("Say when they are due, or “thường xuyên”."))
        if words:
            try:
                dues.read(words, self.on)
            except Refused as refused:
                raise ValidationError(sentences(refused)[0]) from None
        return words


def owners(reading: Reading) -> list[tuple[int, str]]:
    """Units in whose register this person may enter a document: their own first, then those that direct it."""
    actor, on = reading.actor, reading.on
    if actor.unit_id is None:
        return []
    near = [actor.unit_id, *(row.unit_id for row in orgs.ancestors(actor.unit_id, orgs.MANAGEMENT, on))]
    allowed = [unit for unit in near if people.may(actor, "document.register", unit, on)]
    return [(unit, orgs.body_name(unit, on)) for unit in allowed]


def likely_line(reading: Reading) -> tuple[int | None, str]:
    """In which register, in which book: what one of the person's own units issued goes out of that unit; all else
    comes in to the unit their office belongs to."""
    if reading.issuer in dict(owners(reading)):
        return reading.issuer, Direction.OUT
    return next(iter(people.acts_for(reading.actor, "document.register", reading.on)), None), Direction.IN
