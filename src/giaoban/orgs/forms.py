"""The filters of the pages: which day, which hierarchy."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.ui.widgets import DayInput

DAYS = ["%d/%m/%Y", "%Y-%m-%d"]
EARLIEST, LATEST = date(1945, 9, 2), date(2100, 12, 31)


def read_day(text: str) -> date | None:
    """A day as the address writes it (2025-06-30); None when it is none, or one nobody may choose."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


class WhenForm(forms.Form):
    """Which day's tree; the parameter stays in the address, so that a link shows a colleague the same view."""

    ngay = forms.DateField(label=_("As of"), widget=DayInput(), input_formats=DAYS)

    def clean_ngay(self) -> date:
        day: date = self.cleaned_data["ngay"]
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("Choose a day between 1945 and 2100."))
        return day


class TreeForm(WhenForm):
    """The same, and through which hierarchy."""

    he = forms.ChoiceField(label=_("Hierarchy"), widget=forms.Select(attrs={"data-submit": True}))

    def __init__(self, *args: object, hierarchies: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["he"].choices = hierarchies  # type: ignore[attr-defined]


class BetweenForm(forms.Form):
    """Two days and the hierarchy in which "moved" is meant; the address keeps them."""

    tu = forms.DateField(label=_("First day"), widget=DayInput(), input_formats=DAYS)
    den = forms.DateField(label=_("Second day"), widget=DayInput(), input_formats=DAYS)
    he = forms.ChoiceField(label=_("Hierarchy"), widget=forms.Select(attrs={"data-submit": True}))

    def __init__(self, *args: object, hierarchies: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["he"].choices = hierarchies  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        for name in ("tu", "den"):
            if name in data and not EARLIEST <= data[name] <= LATEST:
                self.add_error(name, _("Choose a day between 1945 and 2100."))
        if "tu" in data and "den" in data and data["tu"] >= data["den"]:
            self.add_error("den", _("The second day must be later than the first."))
        return data
