"""Forms of the reading page: the text to read, the line of the register, and a form for each proposal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.core import period as periods
from giaoban.core.period import Kind, Period
from giaoban.core.refusal import Refused
from giaoban.desk.proposals import CitationProposal, FigureProposal, Reading, TaskProposal
from giaoban.documents.models import Direction, RelationKind
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.refusals import sentences
from giaoban.ui.widgets import DayInput
from giaoban.work import dues

LONGEST = 400_000  # signs; the longest decree of the sample has 300,000


class TextForm(forms.Form):
    """A pasted text or a file, one of the two."""

    text = forms.CharField(
        label=_("Text of the document"),
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Paste the whole text; lines and bullets may stay as they are."),
    )
    file = forms.FileField(label=_("or a file"), required=False, help_text=_("TXT, HTML or DOCX, at most 10 MB."))

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
    def of(cls, reading: Reading, data: Any = None) -> RegisterForm:
        head = reading.heading
        form = cls(
            data,
            prefix="so",
            initial={
                "symbol": head.symbol,
                "issued_on": head.issued_on or (reading.day if reading.day != reading.on else None),
                "issuer_text": reading.issuer_name,
                "subject": head.subject,
            },
        )
        form.fields["owner"].choices = owners(reading)
        form.fields["owner"].initial, form.fields["direction"].initial = likely_line(reading)
        return form


class TaskForm(forms.Form):
    """One proposed task. Units come as ids chosen from the readings of a name, or by writing another name."""

    take = forms.BooleanField(label=_("Make this a task"), required=False)
    text = forms.CharField(label=_("Task"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    lead = forms.ChoiceField(label=_("Lead unit"), required=False)
    lead_name = forms.CharField(
        label=_("or another unit"), required=False, help_text=_("Write its name; accents may be left out.")
    )
    partners = forms.MultipleChoiceField(label=_("Partner units"), required=False, widget=forms.CheckboxSelectMultiple)
    due = forms.CharField(
        label=_("Due time"),
        required=False,
        max_length=200,
    )
    due_on = forms.DateField(
        label=_("Day meant"),
        required=False,
        widget=DayInput(),
        help_text=_("Only where the words of the due time name no day, such as “trong hè”."),
    )
    deliverable = forms.CharField(label=_("Deliverable"), required=False, max_length=300)

    def __init__(self, proposal: TaskProposal, on: date, common_due: str, *args: Any, **kwargs: Any) -> None:
        self.proposal, self.on, self.common_due = proposal, on, common_due
        super().__init__(
            *args,
            prefix=f"v{proposal.mark.no}",
            initial={
                "take": proposal.sure,
                "text": proposal.text,
                "lead": proposal.leads[0].value if proposal.sure else "",
                "partners": [choice.value for choice in proposal.partners],
                "due": proposal.due_text,
                "due_on": proposal.due_on,
                "deliverable": proposal.deliverable,
            },
            **kwargs,
        )
        self.fields["lead"].choices = [
            ("", _("choose a unit")),
            *((choice.value, choice.label) for choice in proposal.leads),
        ]
        self.fields["partners"].choices = [(choice.value, choice.label) for choice in proposal.partners]

    @property
    def taken(self) -> bool:
        return bool(self["take"].value())

    @property
    def detail_wrong(self) -> bool:
        """Whether a fault hides in the part that is folded away."""
        return bool(set(self.errors) - {"lead", "due"}) if self.is_bound else False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("take"):
            return data
        if not data.get("text", "").strip():
            self.add_error("text", _("Write the task."))
        data["leads"] = self._leads(data)
        data["due"] = data.get("due") or self.common_due
        if not data.get("due") and not data.get("due_on"):
            self.add_error("due", _("Say when it is due, or “thường xuyên”."))
        elif data.get("due") and not data.get("due_on"):
            self._understand(data["due"])
        data["partner_ids"] = tuple(
            unit
            for unit in dict.fromkeys(int(part) for value in data.get("partners", []) for part in value.split(","))
            if unit not in data["leads"]
        )
        return data

    def _leads(self, data: dict[str, Any]) -> tuple[int, ...]:
        """The chosen reading, or the one unit that the written name fits; several make the person choose."""
        name = (data.get("lead_name") or "").strip()
        if not name:
            if not data.get("lead"):
                self.add_error("lead", _("Choose the unit that leads."))
            return tuple(int(part) for part in (data.get("lead") or "").split(",") if part)
        hits = orgs.search(name, self.on, limit=8)
        exact = [hit for hit in hits if hit.rank == 0]
        if len(exact) == 1 or len(hits) == 1:
            return ((exact or hits)[0].unit_id,)
        if not hits:
            self.add_error("lead_name", _("No unit has this name today."))
            return ()
        self.fields["lead"].choices = [
            ("", _("choose a unit")),
            *((str(hit.unit_id), f"{hit.body_name or hit.name}, {hit.path}") for hit in hits),
        ]
        self.add_error("lead", _("Several units have this name; choose one of them."))
        return ()

    def _understand(self, words: str) -> None:
        try:
            dues.read(words, self.on)
        except Refused as refused:
            self.add_error("due", sentences(refused)[0])


class TargetForm(forms.Form):
    """What a figure "beyond the plan" says the plan was."""

    take = forms.BooleanField(label=_("Keep as a target"), required=False)
    indicator = forms.ChoiceField(label=_("Indicator"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    period = forms.ChoiceField(label=_("Period"), required=False)

    def __init__(self, proposal: FigureProposal, reading: Reading, *args: Any, **kwargs: Any) -> None:
        self.proposal = proposal
        super().__init__(*args, prefix=f"s{proposal.mark.no}", **kwargs)
        self.fields["indicator"].choices = [
            ("", _("choose an indicator")),
            *((choice.value, choice.label) for choice in proposal.indicators),
        ]
        self.fields["unit"].choices = unit_choices(reading)
        self.fields["period"].choices = [(one.code, one.label) for one in around(reading.day, proposal.period)]
        self.initial |= {
            "take": proposal.sure,
            "unit": reading.near,
            "indicator": proposal.indicators[0].value if proposal.indicators else "",
            "period": proposal.period,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("take"):
            for name in ("indicator", "unit", "period"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose one to keep the target."))
        return data


class CitationForm(forms.Form):
    """How this document stands to a registered one it names."""

    kind = forms.ChoiceField(
        label=_("Relation"), required=False, choices=[("", _("no relation")), *RelationKind.choices]
    )

    def __init__(self, proposal: CitationProposal, *args: Any, **kwargs: Any) -> None:
        self.proposal = proposal
        super().__init__(*args, prefix=f"d{proposal.mark.no}", initial={"kind": RelationKind.CITES}, **kwargs)


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


def unit_choices(reading: Reading) -> list[tuple[str, str]]:
    """The unit the document is from and those above it: whose figures it tells."""
    near = reading.near
    if near is None:
        return []
    above = [row.unit_id for row in orgs.ancestors(near, orgs.TERRITORY, reading.day)]
    return [(str(unit), orgs.name(unit, reading.day)) for unit in [near, *above]]


def around(day: date, meant: str) -> list[Period]:
    """Periods a figure of that day may be about: the school year, its semesters, its ends, the year."""
    year = periods.on_day(Kind.SCHOOL_YEAR, day).start.year
    kinds = (Kind.SCHOOL_YEAR, Kind.SEMESTER_1, Kind.SEMESTER_2, Kind.SCHOOL_YEAR_START, Kind.SCHOOL_YEAR_END)
    found = [*(periods.school_year(year, kind) for kind in kinds), periods.on_day(Kind.CALENDAR_YEAR, day)]
    return list(dict.fromkeys([periods.parse(meant), *found])) if meant else found
