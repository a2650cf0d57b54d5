"""What the pages of meetings and tasks may send; every form turns into the arguments of one verb."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.core import period
from giaoban.documents.naming import Circle, UnitsField, ids
from giaoban.indicators.models import Indicator
from giaoban.people.models import Position
from giaoban.ui.widgets import DayInput, MomentInput
from giaoban.work import dues
from giaoban.work.actions import NewTask
from giaoban.work.models import AgendaItem, Contribution, Evidence, Invitation, MeetingKind

STATES = [
    ("", _("All states")),
    ("OPEN_OVERDUE", _("In progress, overdue")),
    ("soon", _("Due soon")),
    ("OPEN_IN_TERM", _("In progress, within its term")),
    ("proposed", _("Waiting for confirmation")),
    ("DONE_ON_TIME", _("Done on time")),
    ("DONE_LATE", _("Done late")),
    ("NO_DEADLINE", _("Without a due day")),
]
MEETING_PERIODS = (
    period.Kind.MONTH,
    period.Kind.QUARTER,
    period.Kind.HALF_YEAR,
    period.Kind.SEMESTER_1,
    period.Kind.SEMESTER_2,
    period.Kind.SCHOOL_YEAR,
    period.Kind.YEAR,
)


def area(rows: int, **attrs: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


class InCircle(forms.Form):
    """A form with fields for units: they are read near one unit, on one day."""

    def __init__(self, *args: Any, circle: Circle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.circle = circle
        for field in self.fields.values():
            if isinstance(field, UnitsField):
                field.circle = circle


class InTheName(InCircle):
    """A form sent in the name of a unit: asked for only where the actor may speak for more than one."""

    def __init__(self, *args: Any, hosts: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("unit")
        if isinstance(field, forms.ChoiceField) and len(hosts) > 1:
            field.choices = hosts
        elif field is not None:
            del self.fields["unit"]


def host_choice(redrawn: str, also: str = "") -> forms.Select:
    """The choice of that unit; what depends on it is drawn again, what was typed elsewhere stays."""
    attrs = {"hx-get": "", "hx-target": redrawn, "hx-select": redrawn, "hx-swap": "outerHTML"}
    return forms.Select(attrs={**attrs, "hx-select-oob": also} if also else attrs)


# Meetings


class MeetingForm(InTheName):
    unit = forms.ChoiceField(
        label=_("Host unit"),
        widget=host_choice("#chair", also="#units"),
        help_text=_("The invitation and the notice go out in its name; units below it are offered."),
    )
    kind = forms.ChoiceField(label=_("Kind of meeting"), choices=MeetingKind.choices)
    title = forms.CharField(
        label=_("Name of the meeting"),
        max_length=300,
        help_text=_("As it will stand in the invitation and in the notice."),
    )
    starts_at = forms.DateTimeField(label=_("Begins"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=_("Ends"), required=False, widget=MomentInput())
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    online = forms.BooleanField(label=_("Also online"), required=False)
    online_link = forms.URLField(
        label=_("Link for those online"), max_length=500, required=False, assume_scheme="https"
    )
    chair_name = forms.CharField(label=_("Chair"), max_length=100)
    chair_title = forms.CharField(label=_("Title of the chair"), max_length=200, required=False)
    period_code = forms.ChoiceField(
        label=_("Reviews the period"),
        required=False,
        help_text=_("Its figures are then one click away from the agenda."),
    )
    units = UnitsField(
        label=_("Units invited"),
        many=True,
        required=False,
        help_text=_("Names or whole groups, parted with “;”. More can be added later."),
    )
    requirements = forms.CharField(label=_("What they prepare and bring"), required=False, widget=area(3))
    urgent = forms.BooleanField(label=_("Urgent: three working days of notice do not apply"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period_code"].choices = [("", _("No period")), *periods_near(self.circle.on)]


class MeetingChangeForm(MeetingForm):
    """The plan without the host, which stays, and the list of those invited, which has its own form."""

    unit = None  # type: ignore[assignment]
    units = None  # type: ignore[assignment]


def periods_near(on: date) -> list[tuple[str, str]]:
    """Of each kind the period of the day and the one before."""
    found: dict[str, str] = {}
    for kind in MEETING_PERIODS:
        now = period.on_day(kind, on)
        for each in (now, now.previous()):
            if each is not None:
                found[each.code] = each.label
    return list(found.items())


class ItemForm(InCircle):
    title = forms.CharField(label=_("Agenda item"), max_length=500)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[each for each in AgendaItem.Kind.choices if each[0] != AgendaItem.Kind.CARRIED]
    )
    presenter = forms.CharField(label=_("Presented by"), max_length=200, required=False)
    presenter_unit = UnitsField(label=_("of the unit"), required=False)
    minutes = forms.IntegerField(label=_("How many minutes"), required=False, min_value=1, max_value=1440)
    document = forms.CharField(
        label=_("Document number"),
        max_length=60,
        required=False,
        help_text=_("A registered document that is heard or discussed."),
    )
    link = forms.CharField(
        label=_("Page of this system"),
        max_length=300,
        required=False,
        help_text=_("A report or figures, for example /bao-cao/…"),
    )


class InviteForm(InCircle):
    units = UnitsField(label=_("Units"), many=True, help_text=_("Names or whole groups, parted with “;”."))
    person = forms.CharField(label=_("Who is asked to come"), max_length=200, required=False)
    heads = forms.BooleanField(label=_("The head of each unit in person"), required=False)
    observer = forms.BooleanField(label=_("As observers"), required=False)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[each for each in Invitation.Answer.choices if each[0]],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("Who comes instead, or the reason"), max_length=300, required=False)


class AttendanceForm(forms.Form):
    attendance = forms.ChoiceField(choices=Invitation.Attendance.choices, required=False)
    note = forms.CharField(max_length=300, required=False)


class ContributionForm(InCircle):
    text = forms.CharField(label=_("What was said"), widget=area(3))
    unit = UnitsField(label=_("Unit"), required=False)
    person = forms.CharField(label=_("Speaker"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Contribution.Kind.choices)
    item = forms.ModelChoiceField(label=_("On the item"), queryset=AgendaItem.objects.none(), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        self.fields["item"].label_from_instance = lambda item: f"{item.order}. {item.title}"[:80]  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=area(2))


class NoticeForm(forms.Form):
    symbol = forms.CharField(label=_("Number and symbol"), max_length=60)
    issued_on = forms.DateField(label=_("Date of the notice"), widget=DayInput())
    subject = forms.CharField(label=_("Subject of the document"), max_length=500, required=False, widget=area(2))
    signer = forms.CharField(label=_("Signed by"), max_length=100, required=False)
    signer_title = forms.CharField(label=_("Title of the signer"), max_length=100, required=False)
    text = forms.CharField(label=_("Text of the notice"), required=False, strip=False, widget=area(14))
    file = forms.FileField(label=_("Signed file"), required=False)


# Tasks


class TaskForm(InTheName):
    """One task: who leads, until when (in words), with whom, and what comes out of it."""

    lead = UnitsField(
        label=_("Lead unit, or a group"), help_text=_("A group gives each of its units a part of its own.")
    )
    due = forms.CharField(
        label=_("Due time"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "dues", "autocomplete": "off"}),
        help_text=_("In words: 15/3/2026, tháng 4/2026, quý II/2026, hằng tháng, thường xuyên, khi có Thông tư mới."),
    )
    deliverable = forms.CharField(label=_("Deliverable"), max_length=300, required=False)
    partners = UnitsField(
        label=_("Partner units"),
        many=True,
        required=False,
        help_text=_("What one of them does may follow a colon: “Phòng Kinh tế: lập dự toán”."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        words = data.get("due", "")
        if words:
            try:
                dues.read(words, self.circle.on)
            except dues.BadDue:
                self.add_error(
                    "due", _("This names no due time; write a day, month, quarter or year, or “thường xuyên”.")
                )
        return data

    def new_task(self, text: str, **more: Any) -> NewTask:
        data = self.cleaned_data
        leads = data["lead"]
        many = len(ids(leads)) > 1
        return NewTask(
            text=text,
            due=data["due"],
            lead_id=None if many else ids(leads)[0],
            part_ids=ids(leads) if many else (),
            group="; ".join(each.text for each in leads) if many else "",
            partner_ids=ids(data["partners"]),
            partner_parts={unit: each.note for each in data["partners"] for unit in each.unit_ids if each.note},
            deliverable=data["deliverable"],
            **more,
        )


class ConclusionForm(TaskForm):
    """A conclusion as it is typed in the meeting; with a lead and a due time it is a task in the same step."""

    text = forms.CharField(label=_("Conclusion"), widget=area(3))
    field_order = ["text", "lead", "due", "deliverable", "partners"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].required = self.fields["due"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("lead") and not data.get("due") and "due" not in self.errors:
            self.add_error("due", _("A task needs a due time; “thường xuyên” is one."))
        if data.get("due") and not data.get("lead") and not self.errors:
            self.add_error("lead", _("Who leads it?"))
        return data

    def tasks(self) -> list[NewTask]:
        return [self.new_task(self.cleaned_data["text"])] if self.cleaned_data["lead"] else []

    def heading(self) -> str:
        """Whom it addresses, as the notice will head it."""
        return "; ".join(each.text for each in self.cleaned_data["lead"])[:200]


class RewordForm(forms.Form):
    heading = forms.CharField(label=_("Addressed to"), max_length=200, required=False)
    text = forms.CharField(label=_("Conclusion"), widget=area(4))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AssignForm(TaskForm):
    """A task by hand or from a sentence of a document."""

    unit = forms.ChoiceField(label=_("Assigning unit"), widget=host_choice("#units"))
    text = forms.CharField(label=_("What is to be done"), widget=area(4))
    title = forms.CharField(
        label=_("Short title"), max_length=300, required=False, help_text=_("Empty: the first words of the task.")
    )
    leader = forms.CharField(
        label=_("Leader in charge"),
        max_length=200,
        required=False,
        help_text=_("Who of the lead unit directs the work, by name and title."),
    )
    report = forms.CharField(
        label=_("Reports while it runs"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Empty: none. Else in words: hằng tuần, hằng tháng, ngày 20 hằng tháng, hằng quý."),
    )
    indicator = forms.ModelChoiceField(
        label=_("The indicator it is to move"),
        queryset=Indicator.objects.order_by("group", "name"),
        required=False,
        empty_label=_("none"),
    )
    draft = forms.BooleanField(
        label=_("Its product is a document that our unit signs (tham mưu)"),
        required=False,
        help_text=_("Draft, comments, signature; it is done when the document is issued."),
    )
    field_order = ["unit", "text", "lead", "due", "deliverable", "partners", "title"]

    def task_of(self, unit: int) -> NewTask:
        data = self.cleaned_data
        return self.new_task(
            data["text"],
            title=data["title"],
            leader=data["leader"],
            report=data["report"],
            indicator=data["indicator"].pk if data["indicator"] else "",
            issuer_id=unit if data["draft"] else None,
        )


class EvidenceForm(forms.Form):
    """Words, and what proves them: a registered document or a file."""

    text = forms.CharField(label=_("What has been done"), widget=area(3))
    document = forms.CharField(label=_("Document that proves it (number)"), max_length=60, required=False)
    file = forms.FileField(label=_("File"), required=False)
    replaces = forms.ModelChoiceField(
        label=_("A new version of"), queryset=Evidence.objects.none(), required=False, empty_label=_("nothing earlier")
    )

    def __init__(self, *args: Any, evidence: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if evidence is None or not evidence.exists():
            del self.fields["replaces"]
        else:
            self.fields["replaces"].queryset = evidence  # type: ignore[attr-defined]
            self.fields["replaces"].label_from_instance = _piece  # type: ignore[attr-defined]


def _piece(proof: Evidence) -> str:
    return proof.file_name or (proof.document.label if proof.document else proof.text)


class ProgressForm(EvidenceForm):
    percent = forms.IntegerField(label=_("Done, %"), required=False, min_value=0, max_value=100)
    field_order = ["text", "percent", "document", "file", "replaces"]


class DoneForm(EvidenceForm):
    text = forms.CharField(label=_("The result, and where it is"), widget=area(3))


class WordsForm(forms.Form):
    text = forms.CharField(label=_("A word to the lead unit"), required=False, widget=area(2))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=area(3))


class ExtensionForm(forms.Form):
    to_on = forms.DateField(label=_("New due day"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), widget=area(3))


class DecisionForm(forms.Form):
    to_on = forms.DateField(label=_("Grant until"), required=False, widget=DayInput())
    answer = forms.CharField(label=_("Answer"), required=False, widget=area(2))


class EventForm(forms.Form):
    text = forms.CharField(label=_("The event"), widget=area(2))
    due_on = forms.DateField(label=_("New due day"), widget=DayInput())
    document = forms.CharField(label=_("Document number"), max_length=60, required=False)


class PartnerForm(forms.Form):
    answer = forms.CharField(label=_("What our unit has done of it"), widget=area(3))


class OfficerForm(forms.Form):
    leader = forms.CharField(label=_("Leader in charge"), max_length=200, required=False)
    officer = forms.ModelChoiceField(label=_("Officer in charge"), queryset=Position.objects.none(), required=False)

    def __init__(self, *args: Any, positions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = positions  # type: ignore[attr-defined]
