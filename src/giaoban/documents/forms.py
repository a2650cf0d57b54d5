"""What the register's pages may send; every form turns into the arguments of one verb."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.documents import types
from giaoban.documents.models import Attendance, Direction, RelationKind, Study, Urgency
from giaoban.documents.naming import Circle, UnitsField
from giaoban.documents.studying import Heads
from giaoban.ui.widgets import DayInput

# Article 3 of the Law on protection of state secrets: three degrees. Any of them refuses.
SECRECY = [("", _("No secrecy mark")), ("Mật", "Mật"), ("Tối mật", "Tối mật"), ("Tuyệt mật", "Tuyệt mật")]


def type_choices(on: date, blank: str) -> list[tuple[str, Any]]:
    """Types in use on the day, in three groups; the value says the system and the code: "state:KH"."""
    groups = [
        (_("State documents"), "administrative"),
        (_("Legal documents"), "normative"),
        (_("Party documents"), "party"),
    ]
    listed = [
        (label, [(f"{each.system}:{each.code}", each.name) for each in types.on_day(on, group=group)])
        for label, group in groups
    ]
    return [("", blank), *listed]


class FilterForm(forms.Form):
    """Filters of the register; an address with a wrong value shows the unfiltered list and says so at the field."""

    q = forms.CharField(label=_("Number, subject, issuer, text"), required=False)
    loai = forms.ChoiceField(label=_("Type"), required=False)
    noi = forms.CharField(label=_("Issued by"), required=False, max_length=200)
    nam = forms.IntegerField(label=_("Year"), required=False, min_value=1945, max_value=2100)
    hieu_luc = forms.BooleanField(label=_("In force today"), required=False)
    vao_ngay = forms.DateField(label=_("In force on the day"), required=False, widget=DayInput())
    tu = forms.DateField(label=_("Issued from"), required=False, widget=DayInput())
    den = forms.DateField(label=_("to (day)"), required=False, widget=DayInput())

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["loai"].choices = type_choices(on, _("All types"))
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search"})


class ArchiveFields(forms.Form):
    """Fields of Phụ lục VI of NĐ 30/2020 that only some offices fill in."""

    pages = forms.IntegerField(label=_("Number of pages"), required=False, min_value=1)
    copies = forms.IntegerField(label=_("Number of copies issued"), required=False, min_value=1)
    language = forms.CharField(label=_("Language"), max_length=30, required=False, help_text=_("Empty: Vietnamese."))
    case_code = forms.CharField(label=_("Code of the file (mã hồ sơ)"), max_length=60, required=False)
    case_ordinal = forms.IntegerField(label=_("Its number in that file"), required=False, min_value=1)
    remark = forms.CharField(label=_("Remark"), max_length=500, required=False)


class RegisterForm(ArchiveFields):
    """One line of the register, with the fields of Phụ lục VI of NĐ 30/2020."""

    direction = forms.ChoiceField(label=_("Which register"), choices=Direction.choices, widget=forms.RadioSelect)
    symbol = forms.CharField(
        label=_("Number and symbol"),
        max_length=60,
        help_text=_("As printed: 157/KH-UBND, 29-NQ/TW, 1277/BGDĐT-QLCL. The type is read from it."),
    )
    issued_on = forms.DateField(label=_("Date of the document"), widget=DayInput())
    issuer = forms.CharField(
        label=_("Issued by"),
        max_length=200,
        required=False,
        help_text=_("For an outgoing document leave it empty: it is your unit."),
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    subject = forms.CharField(
        label=_("Subject of the document"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    received_on = forms.DateField(
        label=_("Received on"), required=False, widget=DayInput(), help_text=_("Empty: today.")
    )
    signer = forms.CharField(label=_("Signed by"), max_length=100, required=False)
    signer_title = forms.CharField(label=_("Title of the signer"), max_length=100, required=False)
    type = forms.ChoiceField(
        label=_("Type, if the symbol does not say it"),
        required=False,
        help_text=_("For example Party regulation, which prints QĐ."),
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, required=False)
    secrecy = forms.ChoiceField(
        label=_("Secrecy mark on the paper"),
        choices=SECRECY,
        required=False,
        help_text=_("Documents with a secrecy mark are not kept in this system."),
    )
    implements = forms.CharField(
        label=_("Implements the document number"),
        max_length=60,
        required=False,
        help_text=_("The number of the superior document, if it is registered here."),
    )
    clause = forms.CharField(label=_("at its clause"), max_length=200, required=False)
    addressees = UnitsField(
        label=_("Send to the units"),
        many=True,
        required=False,
        help_text=_("Names or groups; they see it in their own register at once. Part several with “;”."),
    )
    recipients_text = forms.CharField(
        label=_("Recipients as printed (Nơi nhận)"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    plan_due_on = forms.DateField(label=_("The units above issue their own plan by"), required=False, widget=DayInput())
    reply_due_on = forms.DateField(label=_("Reply due on"), required=False, widget=DayInput())
    effective_on = forms.DateField(
        label=_("Takes effect on"), required=False, widget=DayInput(), help_text=_("Empty: the day of issue.")
    )
    expires_on = forms.DateField(
        label=_("No longer in force from"),
        required=False,
        widget=DayInput(),
        help_text=_("Only where the document says so itself."),
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        help_text=_("Paste the text so that it can be read, searched and turned into tasks sentence by sentence."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("At most 10 MB; kept unchanged with its SHA-256.")
    )
    again = forms.BooleanField(label=_("Register it all the same"), required=False)

    def __init__(self, *args: Any, on: date, circle: Circle, counts: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counts = counts
        if counts:
            self.fields["symbol"].required = False
            self.fields["symbol"].help_text = _("Empty, with the type chosen: the next number of your own counter.")
        self.fields["type"].choices = type_choices(date.min, _("As the symbol says"))
        self.fields["addressees"].circle = circle  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.counts and not data.get("symbol"):
            if data.get("direction") != Direction.OUT:
                self.add_error("symbol", _("An incoming document bears the number of its issuer."))
            elif not data.get("type"):
                self.add_error("type", _("Choose the type whose next number is taken."))
        return data


class CorrectForm(ArchiveFields):
    """What may be wrong in an entry. The text can be added, not changed: tasks point into it."""

    field_order = ("symbol", "issued_on", "issuer_text", "subject", "signer", "signer_title")

    symbol = forms.CharField(label=_("Number and symbol"), max_length=60)
    issued_on = forms.DateField(label=_("Date of the document"), widget=DayInput())
    issuer_text = forms.CharField(label=_("Issued by"), max_length=200)
    subject = forms.CharField(
        label=_("Subject of the document"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    signer = forms.CharField(label=_("Signed by"), max_length=100, required=False)
    signer_title = forms.CharField(label=_("Title of the signer"), max_length=100, required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, required=False)
    plan_due_on = forms.DateField(label=_("The units above issue their own plan by"), required=False, widget=DayInput())
    reply_due_on = forms.DateField(label=_("Reply due on"), required=False, widget=DayInput())
    effective_on = forms.DateField(
        label=_("Takes effect on"), required=False, widget=DayInput(), help_text=_("Empty: the day of issue.")
    )
    expires_on = forms.DateField(
        label=_("No longer in force from"),
        required=False,
        widget=DayInput(),
        help_text=_("Only where the document says so itself."),
    )
    recipients_text = forms.CharField(
        label=_("Recipients as printed (Nơi nhận)"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    text = forms.CharField(label=_("Text"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 10}))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, has_text: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_text:
            del self.fields["text"]


class ForceForm(forms.Form):
    """Which day the document is looked at on."""

    ngay = forms.DateField(label=_("In force on the day"), required=False, widget=DayInput())


class LinkForm(forms.Form):
    """From the page of a document: what it implements, amends, replaces, cites or reports on."""

    kind = forms.ChoiceField(label=_("This document"), choices=RelationKind.choices)
    symbol = forms.CharField(label=_("the document number"), max_length=60)
    clause = forms.CharField(label=_("at its clause"), max_length=200, required=False)
    from_on = forms.DateField(
        label=_("from the day"),
        required=False,
        widget=DayInput(),
        help_text=_("For “amends”, “replaces”, “repeals”; empty: the day this document takes effect."),
    )
    basis = forms.CharField(
        label=_("Words of this document that say so"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class UnlinkForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class AddressForm(forms.Form):
    units = UnitsField(label=_("Send to the units"), many=True, help_text=_("Names or groups, parted with “;”."))
    must_issue = forms.BooleanField(label=_("They must issue a plan of their own"), required=False)
    due_on = forms.DateField(
        label=_("Their plan is due on"),
        required=False,
        widget=DayInput(),
        help_text=_("Send to each level on its own, with its own day."),
    )

    def __init__(self, *args: Any, circle: Circle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].circle = circle  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    direction = forms.ChoiceField(label=_("Which register"), choices=Direction.choices, widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, XLS, ODS or CSV, with the columns “Số, ký hiệu”, “Ngày văn bản”, “Trích yếu”."),
    )


class CounterForm(forms.Form):
    """Numbers of a unit that has no document system."""

    agency = forms.CharField(
        label=_("Letters of the unit in a number"), max_length=40, required=False, help_text=_("UBND, THCS, MN …")
    )
    party_agency = forms.CharField(
        label=_("Letters in Party documents"), max_length=40, required=False, help_text=_("ĐU, CB …")
    )
    term_start = forms.DateField(
        label=_("First day of the Party committee’s term"),
        required=False,
        widget=DayInput(),
        help_text=_("Party numbers run on through the term."),
    )


class ReserveForm(forms.Form):
    type = forms.ChoiceField(label=_("Type"))
    count = forms.IntegerField(label=_("How many numbers"), min_value=1, max_value=50, initial=1)
    reason = forms.CharField(label=_("What for"), max_length=300)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = type_choices(on, "—")


class StudyForm(forms.Form):
    """How the unit studied a document: one row of counts for each audience."""

    form = forms.ChoiceField(label=_("How it was held"), choices=Study.Form.choices)
    classes = forms.IntegerField(label=_("Number of classes"), min_value=0)
    finished_on = forms.DateField(label=_("Finished on"), widget=DayInput())
    plan_issued = forms.BooleanField(label=_("A plan or programme of action has been issued"), required=False)
    plan_symbol = forms.CharField(label=_("Its number"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for audience, label in Attendance.Audience.choices:
            for part, words in (
                ("expected", _("%(who)s: expected")),
                ("exempt", _("%(who)s: exempt")),
                ("attended", _("%(who)s: attended")),
            ):
                self.fields[f"{audience}_{part}"] = forms.IntegerField(
                    label=str(words) % {"who": str(label).capitalize()}, min_value=0, required=False
                )

    def heads(self) -> dict[str, Heads]:
        data = self.cleaned_data
        return {
            audience: Heads(*(data[f"{audience}_{part}"] or 0 for part in ("expected", "exempt", "attended")))
            for audience in Attendance.Audience.values
        }
