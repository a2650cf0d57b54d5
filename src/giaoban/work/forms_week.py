"""What the pages of the week may send."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from giaoban.ui.widgets import MomentInput
from giaoban.work.models import Engagement, Facility
from giaoban.work.queries.week import Person


class EngagementForm(forms.Form):
    """One line: when, what, who, where, with which room and car, who prepares."""

    starts_at = forms.DateTimeField(label=_("Begins"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MomentInput())
    subject = forms.CharField(label=_("What takes place"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    chair = forms.TypedChoiceField(label=_("Chaired by"), required=False, coerce=int, empty_value=None)
    chair_text = forms.CharField(
        label=_("Chaired by somebody else"),
        max_length=200,
        required=False,
        help_text=_("Name and office, where nobody of this unit chairs."),
    )
    attendants = forms.TypedMultipleChoiceField(
        label=_("Taking part"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    room = forms.TypedChoiceField(label=_("Meeting room"), required=False, coerce=int, empty_value=None)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    car = forms.TypedChoiceField(label=_("Car"), required=False, coerce=int, empty_value=None)
    preparing = forms.CharField(label=_("Prepared by"), max_length=300, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    reason = forms.CharField(
        label=_("Why it changes"), max_length=300, required=False, help_text=_("Needed once the week is approved.")
    )

    def __init__(
        self, *args: Any, people: Sequence[Person], lent: Sequence[Facility], changing: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(each.position_id, f"{each.name} · {each.title}") for each in people]
        self.fields["chair"].choices = [("", _("Nobody of this unit")), *named]
        self.fields["attendants"].choices = named
        for name, kind in (("room", Facility.Kind.ROOM), ("car", Facility.Kind.CAR)):
            offered = [(each.pk, each.name) for each in lent if each.kind == kind]
            self.fields[name].choices = [("", _("None")), *offered]
            if not offered:
                del self.fields[name]
        if not changing:
            del self.fields["reason"]

    @classmethod
    def initial_of(cls, line: Engagement) -> dict[str, Any]:
        """What a line says now."""
        seats = list(line.attendants.all())
        return {
            "starts_at": line.starts_at,
            "ends_at": line.ends_at,
            "subject": line.subject,
            "chair": next((each.position_id for each in seats if each.chairs), ""),
            "chair_text": line.chair_text,
            "attendants": [each.position_id for each in seats if not each.chairs],
            "room": line.room_id or "",
            "place": line.place,
            "car": line.car_id or "",
            "preparing": line.preparing,
            "note": line.note,
        }

    def arguments(self) -> dict[str, Any]:
        """The arguments of the verb."""
        data = dict(self.cleaned_data)
        return {
            "chair_id": data.pop("chair", None),
            "attendant_ids": data.pop("attendants", []),
            "room_id": data.pop("room", None),
            "car_id": data.pop("car", None),
            **data,
        }


class FacilityForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Facility.Kind.choices)
    name = forms.CharField(label=_("Room or car"), max_length=100)
    seats = forms.IntegerField(label=_("Seats"), required=False, min_value=1, max_value=5000)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


def morning_of(day: datetime) -> dict[str, datetime]:
    """What a new line starts with: the morning of a day."""
    start = timezone.localtime(day).replace(hour=8, minute=0, second=0, microsecond=0)
    return {"starts_at": start, "ends_at": start.replace(hour=10)}
