"""Taking people on: account, position, roles and appointment in one step; one person, or a table saved as CSV.

A table is taken whole or not at all, each fault naming its row and column.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from giaoban.core.refusal import Invalid, Refused, sentence
from giaoban.core.text import fold, nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs.models import Snapshot
from giaoban.people import queries
from giaoban.people.actions.accounts import create_account
from giaoban.people.actions.rights import grant
from giaoban.people.actions.seats import appoint, create_position
from giaoban.people.models import Account, Holding, Position
from giaoban.people.refusals import sentences
from giaoban.people.roles import NAMES, Role

COLUMNS = {
    "ma_don_vi": True,
    "chuc_danh": True,
    "dung_dau": False,
    "ho_ten": True,
    "ten_dang_nhap": True,
    "vai_tro": True,
    "tu_ngay": False,
    "thu_dien_tu": False,
    "dien_thoai": False,
}
"""The columns of the file, and whether a row must fill them."""

FIELDS = {"username": "ten_dang_nhap", "full_name": "ho_ten", "title": "chuc_danh", "role": "vai_tro", "on": "tu_ngay"}
LIMIT = 500
LETTERS = "abcdefghkmnpqrstuvwxyz23456789"  # without those that look alike on paper


class NoColumn(Refused):
    sentence = sentence("The first row must name the columns; “%(column)s” is missing.")


class NotText(Refused):
    sentence = sentence("The file is not a text table. Save it as CSV UTF-8.")


class NoRows(Refused):
    sentence = sentence("The file has no row below its first.")


class TooManyRows(Refused):
    sentence = sentence("The file has %(rows)s rows; at most %(limit)s can be taken at once.")


class RowFault(Refused):
    sentence = sentence("Row %(row)s, column %(column)s: %(why)s")


class Missing(Refused):
    sentence = sentence("nothing is written here.")


class UnknownUnitCode(Refused):
    sentence = sentence("no unit whose accounts you manage has the code “%(code)s”.")
    field = "ma_don_vi"


class ManyUnits(Refused):
    sentence = sentence("several units have the code “%(code)s”; create this account by hand.")
    field = "ma_don_vi"


class UnknownRole(Refused):
    sentence = sentence("“%(role)s” is not a role.")
    field = "vai_tro"


class NoDate(Refused):
    sentence = sentence("“%(text)s” is not a date; write it as 05/09/2026.")
    field = "tu_ngay"


@dataclass(frozen=True)
class Made:
    """One person taken on; the temporary password is known only now."""

    account: Account
    holding: Holding
    password: str
    row: int = 0


def take_on(
    *,
    by: Actor,
    at: datetime,
    unit: int,
    username: str,
    full_name: str,
    roles: Iterable[Role],
    title: str = "",
    leads: bool = False,
    position: Position | None = None,
    email: str = "",
    phone: str = "",
    on: date | None = None,
) -> Made:
    """An account with a temporary password, appointed to a vacant position or to a new one with these roles."""
    password = temporary_password()
    with writing(by=by, at=at, verb="account.take_on", unit_id=unit) as entry:
        account = create_account(
            by=by, at=at, unit=unit, username=username, full_name=full_name, email=email, phone=phone, password=password
        )
        entry.subject = account
        if position is None:
            position = create_position(by=by, at=at, unit=unit, title=title, leads=leads)
            for role in roles:
                grant(by=by, at=at, position=position, role=role, on=on)
        return Made(account, appoint(by=by, at=at, position=position, account=account, on=on), password)


def load_accounts(*, by: Actor, at: datetime, content: bytes) -> list[Made]:
    """Take on everybody in a CSV file; Invalid lists every fault of it."""
    rows = _rows(content)
    on = timezone.localdate(at)
    units = _units(by, on, {row["ma_don_vi"] for _, row in rows})
    made: list[Made] = []
    faults: list[Refused] = []
    with writing(by=by, at=at, verb="account.load") as entry:
        for number, row in rows:
            try:
                made.append(_make(by, at, number, row, units))
            except Refused as refused:
                faults.append(_fault(number, refused))
        if faults:
            raise Invalid(faults)
        entry.data["accounts"] = [[one.account.pk, one.account.username] for one in made]
    return made


def temporary_password() -> str:
    """Three groups of four letters and digits, easy to read aloud; 58 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def _make(by: Actor, at: datetime, number: int, row: dict[str, str], units: dict[str, list[int]]) -> Made:
    _check_filled(row)
    made = take_on(
        by=by,
        at=at,
        unit=_unit(row["ma_don_vi"], units),
        username=row["ten_dang_nhap"],
        full_name=row["ho_ten"],
        roles=[_role(name) for name in row["vai_tro"].replace(";", ",").split(",") if name.strip()],
        title=row["chuc_danh"],
        leads=bool(row["dung_dau"]),
        email=row["thu_dien_tu"],
        phone=row["dien_thoai"],
        on=_date(row["tu_ngay"]),
    )
    return replace(made, row=number)


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Rows with their numbers in the file, by folded column names; empty rows are passed over."""
    try:
        text = nfc(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise NotText() from None
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=separator, strict=True))
    except csv.Error:
        raise NotText() from None
    names = [fold(name).strip().replace(" ", "_") for name in (table[0] if table else [])]
    for column in COLUMNS:
        if column not in names and COLUMNS[column]:
            raise NoColumn(column=column)
    rows = [
        (number, dict.fromkeys(COLUMNS, "") | {n: cell.strip() for n, cell in zip(names, cells) if n in COLUMNS})
        for number, cells in enumerate(table[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise NoRows()
    if len(rows) > LIMIT:
        raise TooManyRows(rows=len(rows), limit=LIMIT)
    return rows


def _check_filled(row: dict[str, str]) -> None:
    for column, needed in COLUMNS.items():
        if needed and not row[column]:
            raise Missing(field=column)


def _units(by: Actor, on: date, codes: set[str]) -> dict[str, list[int]]:
    """Which units the codes mean, among those whose accounts the actor manages; one query."""
    found: dict[str, list[int]] = {}
    living = Snapshot.objects.filter(start__lte=on, end__gt=on, code__in=codes)
    for code, unit in living.filter(unit_id__in=queries.units_where(by, "account.manage", on)).values_list(
        "code", "unit_id"
    ):
        found.setdefault(code, []).append(unit)
    return found


def _unit(code: str, units: dict[str, list[int]]) -> int:
    found = units.get(code, [])
    if not found:
        raise UnknownUnitCode(code=code)
    if len(found) > 1:
        raise ManyUnits(code=code)
    return found[0]


def _role(name: str) -> Role:
    """A role by its code or its Vietnamese or English name, without accents."""
    wanted = fold(name).strip()
    for role in Role:
        if wanted in (role.value, fold(str(NAMES[role]))):
            return role
    raise UnknownRole(role=name.strip())


def _date(text: str) -> date | None:
    if not text:
        return None
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise NoDate(text=text)


def _fault(number: int, refused: Refused) -> RowFault:
    column = FIELDS.get(refused.field or "", refused.field or "ma_don_vi")
    why = " ".join(sentences(refused))
    return RowFault(row=number, column=column, why=why, field=column)
