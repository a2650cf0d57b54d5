"""Accounts: who may sign in. An administrator of every unit where a person works may change the person's account."""

from __future__ import annotations

import re
from datetime import date, datetime

from axes.utils import reset
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.core.text import fold, nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries
from giaoban.people.models import Account

USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{2,59}")


class BadUsername(Refused):
    sentence = sentence(
        "The user name “%(username)s” needs 3 to 60 letters without accents, digits, dots, dashes or underscores."
    )
    field = "username"


class UsernameTaken(Refused):
    sentence = sentence("The user name “%(username)s” belongs to somebody already.")
    field = "username"


class NoName(Refused):
    sentence = sentence("The full name is missing.")
    field = "full_name"


class WeakPassword(Refused):
    sentence = sentence("This password will not do: %(why)s")
    field = "password"


class WrongPassword(Refused):
    sentence = sentence("The present password is not right.")
    field = "old"


def create_account(
    *,
    by: Actor,
    at: datetime,
    unit: int,
    username: str,
    full_name: str,
    email: str = "",
    phone: str = "",
    password: str | None = None,
    must_change_password: bool = True,
) -> Account:
    """An account for somebody who will work in the unit; without a password nobody can sign in to it yet."""
    queries.require(by, "account.manage", unit, timezone.localdate(at))
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        raise BadUsername(username=username)
    with writing(by=by, at=at, verb="account.create", unit_id=unit) as entry:
        if Account.objects.filter(username=username).exists():
            raise UsernameTaken(username=username)
        account = Account(username=username, home_id=unit, must_change_password=must_change_password)
        _describe(account, full_name, email, phone)
        account.password = make_password(password) if password is None else _checked(password, account)
        account.save(force_insert=True)
        entry.subject = account
        entry.data["username"] = username
        return account


def change_account(
    *, by: Actor, at: datetime, account: Account, full_name: str, email: str = "", phone: str = ""
) -> Account:
    _require_over(by, account, timezone.localdate(at))
    with writing(by=by, at=at, verb="account.change", subject=account, unit_id=account.home_id) as entry:
        entry.data["before"] = [account.full_name, account.email, account.phone]
        _describe(account, full_name, email, phone)
        entry.data["after"] = [account.full_name, account.email, account.phone]
        account.save(update_fields=["full_name", "fold", "email", "phone"])
        return account


def deactivate(*, by: Actor, at: datetime, account: Account, reason: str) -> None:
    """Nobody signs in to it any more, and who is signed in is out at once; what it did stays in the journal."""
    _switch(by, at, account, active=False, verb="account.deactivate", reason=reason)


def activate(*, by: Actor, at: datetime, account: Account, reason: str = "") -> None:
    _switch(by, at, account, active=True, verb="account.activate", reason=reason)


def set_password(*, by: Actor, at: datetime, account: Account, password: str) -> None:
    """A temporary password, which its owner has to change on signing in."""
    _require_over(by, account, timezone.localdate(at))
    with writing(by=by, at=at, verb="account.set_password", subject=account, unit_id=account.home_id):
        account.password = _checked(password, account)
        account.must_change_password = True
        account.save(update_fields=["password", "must_change_password"])


def change_own_password(*, by: Actor, at: datetime, account: Account, old: str, new: str) -> None:
    if by.account_id != account.pk:
        raise NotAllowed()
    with writing(by=by, at=at, verb="account.change_own_password", subject=account, unit_id=by.unit_id):
        if not account.check_password(old):
            raise WrongPassword()
        account.password = _checked(new, account)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])


def unlock(*, by: Actor, at: datetime, account: Account) -> None:
    """Forget failed sign-ins, so that the person may try again at once."""
    _require_over(by, account, timezone.localdate(at))
    with writing(by=by, at=at, verb="account.unlock", subject=account, unit_id=account.home_id):
        reset(username=account.username)


def _describe(account: Account, full_name: str, email: str, phone: str) -> None:
    account.full_name = " ".join(nfc(full_name).split())
    if not account.full_name:
        raise NoName()
    account.fold = fold(account.full_name)
    account.email = email.strip()
    account.phone = phone.strip()


def _checked(password: str, account: Account) -> str:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise WeakPassword(why=" ".join(error.messages)) from error
    return make_password(password)


def _switch(by: Actor, at: datetime, account: Account, *, active: bool, verb: str, reason: str) -> None:
    _require_over(by, account, timezone.localdate(at))
    with writing(by=by, at=at, verb=verb, subject=account, unit_id=account.home_id, reason=reason) as entry:
        entry.skip = account.is_active == active
        account.is_active = active
        account.save(update_fields=["is_active"])


def _require_over(by: Actor, account: Account, on: date) -> None:
    """Not by one of several administrators, or a commune's could take over an account that leads the province.

    Nor by oneself: nobody lifts a lock or a suspension from their own account.
    """
    if by.is_system:
        return
    if by.account_id == account.pk or not queries.administers(by, account, on):
        raise NotAllowed()
