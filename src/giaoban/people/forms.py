"""What a page may send; every form turns into the arguments of one verb."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from giaoban.people.models import Account, Manner, Position
from giaoban.people.roles import Role
from giaoban.ui.widgets import DayInput

FILE_LIMIT = 2 * 2**20


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _(
            "This user name and password do not belong together. Mind Caps Lock and the Vietnamese keyboard."
        ),
        "inactive": _("This account is suspended."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].label = _("Password")

    def clean_username(self) -> str:
        """As stored: small letters. The count of failed tries then belongs to one name, however it is typed."""
        return self.cleaned_data["username"].strip().lower()


class OwnPasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 10 characters; not one that many people use, nor your own name."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "new" in data and "again" in data and data["new"] != data["again"]:
            self.add_error("again", ValidationError(_("The two new passwords differ.")))
        return data


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}: {role.meaning}") for role in Role]


class PersonForm(forms.Form):
    """What an account says about a person."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)


class TakeOnForm(PersonForm):
    """Somebody new, with a vacant position or a new one."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("Small letters without accents and digits, for example nguyenthihoa.bh"),
    )
    position = forms.ModelChoiceField(
        label=_("Vacant position"),
        queryset=Position.objects.none(),
        required=False,
        empty_label=_("A new position, named below"),
    )
    title = forms.CharField(label=_("Title of the new position"), max_length=120, required=False)
    leads = forms.BooleanField(label=_("Head of the unit"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles of the new position"), required=False, widget=forms.CheckboxSelectMultiple
    )
    on = forms.DateField(label=_("From"), widget=DayInput)

    field_order = ["full_name", "username", "email", "phone", "position", "title", "leads", "roles", "on"]

    def __init__(self, *args: Any, vacant: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].queryset = vacant
        self.fields["roles"].choices = role_choices()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("position") is None and not data.get("title"):
            self.add_error("title", ValidationError(_("Choose a vacant position or name a new one.")))
        if data.get("position") is None and not data.get("roles"):
            self.add_error("roles", ValidationError(_("A new position needs at least one role.")))
        return data


class FileForm(forms.Form):
    file = forms.FileField(label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > FILE_LIMIT:
            raise ValidationError(_("The file is larger than 2 MB."))
        return file


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class NothingForm(forms.Form):
    """A verb that needs no more than a yes."""


class EndForm(forms.Form):
    on = forms.DateField(label=_("No longer from"), widget=DayInput)
    reason = forms.CharField(label=_("Reason or decision"), max_length=300)


class PositionForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    leads = forms.BooleanField(label=_("Head of the unit"), required=False)
    rank = forms.IntegerField(
        label=_("Order in the unit"), initial=100, min_value=1, max_value=999, help_text=_("The head has 1.")
    )


class WhoForm(forms.Form):
    """Somebody by user name; the list offers those this administrator knows, others may be typed."""

    account = forms.CharField(label=_("User name"), max_length=60, widget=forms.TextInput(attrs={"list": "accounts"}))

    def clean_account(self) -> Account:
        found = Account.objects.filter(username=self.cleaned_data["account"].strip().lower()).first()
        if found is None:
            raise ValidationError(_("Nobody has this user name."))
        return found


class AppointForm(WhoForm):
    on = forms.DateField(label=_("From"), widget=DayInput)
    until = forms.DateField(
        label=_("Until before"), required=False, widget=DayInput, help_text=_("Empty: until further notice.")
    )
    basis = forms.CharField(label=_("Decision"), max_length=300, required=False)


class HandOverForm(WhoForm):
    on = forms.DateField(label=_("From"), widget=DayInput)
    reason = forms.CharField(label=_("Decision"), max_length=300)


class ActForForm(WhoForm):
    manner = forms.ChoiceField(
        label=_("How"),
        widget=forms.RadioSelect,
        choices=[
            (Manner.SIGNS_FOR.value, _("Signs for the holder, who stays in office")),
            (Manner.IN_CHARGE.value, _("Is in charge: the holder is away, or the position is vacant")),
        ],
    )
    on = forms.DateField(label=_("From"), widget=DayInput)
    until = forms.DateField(label=_("Until before"), widget=DayInput)
    basis = forms.CharField(label=_("Decision or authorisation"), max_length=300)

    def clean_manner(self) -> Manner:
        return Manner(self.cleaned_data["manner"])


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    unit = forms.TypedChoiceField(label=_("Over the unit and all below it"), coerce=int)
    hierarchy = forms.ChoiceField(
        label=_("Below in which hierarchy"),
        help_text=_("Direct management for most roles; professional guidance for officers of the department."),
    )
    on = forms.DateField(label=_("From"), widget=DayInput)
    until = forms.DateField(
        label=_("Until before"), required=False, widget=DayInput, help_text=_("Empty: until further notice.")
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], hierarchies: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices()
        self.fields["unit"].choices = units
        self.fields["hierarchy"].choices = hierarchies

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class JournalForm(forms.Form):
    """Filters of the journal, all in the address."""

    don_vi = forms.CharField(label=_("Unit"), required=False, max_length=120)
    viec = forms.ChoiceField(label=_("What"), required=False)
    nguoi = forms.CharField(label=_("Who"), required=False, max_length=120)
    tu = forms.DateField(label=_("From"), required=False, widget=DayInput)
    den = forms.DateField(label=_("To"), required=False, widget=DayInput)
