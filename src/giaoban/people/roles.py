"""Which role may do which verb: one table, read in a diff, printed into docs/reference.

The authority is docs/decisions/0004-rights.md. An administrator manages and neither enters nor approves anything; who
types does not submit, who submits does not check. A position may hold several roles where an office is small (the head
of a three-class school types and submits), except that an administrator's position holds no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    LEADER = "leader"
    CHIEF = "chief"
    OFFICER = "officer"
    CLERK = "clerk"
    APPROVER = "approver"
    CHECKER = "checker"
    HEAD = "head"
    TYPIST = "typist"
    VIEWER = "viewer"

    @property
    def label(self) -> str:
        return str(NAMES[self])

    @property
    def meaning(self) -> str:
        """What the role is for, in one sentence."""
        return str(MEANINGS[self])


NAMES: dict[Role, Promise] = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.LEADER: _("Leader"),
    Role.CHIEF: _("Chief of office"),
    Role.OFFICER: _("Officer"),
    Role.CLERK: _("Records clerk"),
    Role.APPROVER: _("Approver of figures"),
    Role.CHECKER: _("Checker of figures"),
    Role.HEAD: _("Head of the reporting unit"),
    Role.TYPIST: _("Typist of figures"),
    Role.VIEWER: _("Reader of approved figures"),
}

MEANINGS: dict[Role, Promise] = {
    Role.ADMINISTRATOR: _("Manages units, accounts and settings; enters and approves nothing."),
    Role.LEADER: _("Sees everything below; concludes meetings, assigns, confirms and extends tasks, issues documents."),
    Role.CHIEF: _(
        "Proposes how documents are handled, approves the week's calendar, signs conclusion notices for the chair."
    ),
    Role.OFFICER: _("Runs sheets, reporting rounds, meetings, documents and tasks."),
    Role.CLERK: _("Registers documents that come in and go out."),
    Role.APPROVER: _("Approves, returns or withdraws figures that were checked."),
    Role.CHECKER: _("Checks figures that were submitted: accepts them or returns them with a reason."),
    Role.HEAD: _("Submits the unit's reports and answers its tasks."),
    Role.TYPIST: _("Types the unit's figures; does not submit them."),
    Role.VIEWER: _("Reads approved figures."),
}


@dataclass(frozen=True)
class Verb:
    """One thing that can be done, and the roles that may do it."""

    code: str
    name: Promise
    roles: frozenset[Role]


def _verb(code: str, name: Promise, *roles: Role) -> Verb:
    return Verb(code, name, frozenset(roles))


_A, _L, _O, _C = Role.ADMINISTRATOR, Role.LEADER, Role.OFFICER, Role.CLERK
_N = Role.CHIEF
_P, _K, _H, _T, _V = Role.APPROVER, Role.CHECKER, Role.HEAD, Role.TYPIST, Role.VIEWER

VERBS: dict[str, Verb] = {
    verb.code: verb
    for verb in [
        _verb("unit.view", _("See units"), *Role),
        _verb("unit.manage", _("Establish, rename, move and close units"), _A),
        _verb("account.manage", _("Manage accounts, positions and roles"), _A),
        _verb("settings.manage", _("Change settings"), _A),
        _verb("journal.view", _("Read the journal"), _A, _L),
        _verb("document.view", _("Read documents"), _L, _O, _C, _P, _K, _H, _T, _N),
        _verb("document.register", _("Register documents"), _O, _C, _N),
        _verb("document.receive", _("Receive documents sent to the unit"), _O, _C, _H, _N),
        _verb("document.issue", _("Issue documents and notices"), _L),
        _verb("document.propose", _("Propose how a document is handled"), _O, _C, _N),
        _verb("document.note", _("Decide how a document is handled: who leads, who helps, by when"), _L),
        _verb("reading.use", _("Let a document be read and turn proposals into tasks"), _L, _O, _C, _H, _N),
        _verb("sheet.manage", _("Make and change sheets"), _O),
        _verb("round.open", _("Open, lock and close reporting rounds"), _O),
        _verb("line.manage", _("Set the lines figures take"), _O),
        _verb("series.load", _("Take in figures of other systems"), _O),
        _verb("round.remind", _("Remind units that are late"), _O, _K),
        _verb("target.set", _("Set targets"), _L, _O),
        _verb("figure.type", _("Type figures"), _T),
        _verb("figure.submit", _("Submit reports"), _H),
        _verb("figure.behalf", _("Enter figures on behalf of a unit below"), _K),
        _verb("figure.check", _("Check reports"), _K),
        _verb("figure.approve", _("Approve reports"), _P),
        _verb("figure.return", _("Return reports or cells"), _K, _P),
        _verb("figure.withdraw", _("Withdraw an accepted figure"), _P),
        _verb("figure.view", _("Read approved figures"), _L, _O, _P, _K, _H, _T, _V),
        _verb("figure.follow", _("See reports before they are approved"), _L, _O, _P, _K, _H, _T),
        _verb("report.write", _("Write review reports"), _L, _O, _H),
        _verb("meeting.view", _("See meetings"), _L, _O, _C, _P, _K, _H, _N),
        _verb("meeting.plan", _("Plan and run meetings"), _L, _O, _N),
        _verb("meeting.answer", _("Answer invitations"), _O, _C, _H, _N),
        _verb("meeting.conclude", _("Conclude meetings"), _L),
        _verb("notice.sign", _("Sign conclusion notices for the chair"), _L, _N),
        _verb("request.make", _("Raise requests to another unit"), _L, _O, _N, _H),
        _verb("request.answer", _("Answer requests"), _L, _O, _N, _H),
        _verb("training.certify", _("Give and withdraw certificates of trainings"), _L, _O, _N),
        _verb("vote.cast", _("Vote for the unit in a meeting"), _L, _O, _N, _H),
        _verb("award.give", _("Record commendations and certificates"), _L, _O, _N),
        _verb("week.view", _("See the calendar of the week"), _L, _O, _C, _N, _P, _K, _H),
        _verb("week.plan", _("Enter the calendar of the week"), _O, _C, _N),
        _verb("week.approve", _("Approve the calendar of the week"), _L, _N),
        _verb("programme.plan", _("Keep the work programme"), _L, _O, _N),
        _verb("programme.adopt", _("Adopt the work programme"), _L),
        _verb("check.view", _("See checks and their findings"), _L, _O, _N, _K, _H),
        _verb("check.plan", _("Plan checks"), _L, _O, _N),
        _verb("check.approve", _("Approve the plan of checks"), _L),
        _verb("check.run", _("Run checks and record findings"), _L, _O, _K),
        _verb("check.answer", _("Answer checks of the own unit"), _L, _N, _H),
        _verb("task.view", _("See tasks"), _L, _O, _C, _P, _K, _H, _N),
        _verb("task.assign", _("Assign tasks"), _L, _O),
        _verb("task.report", _("Report progress and ask for more time"), _O, _H, _N),
        _verb("task.confirm", _("Confirm tasks as done or send them back"), _L),
        _verb("task.extend", _("Decide on more time"), _L),
    ]
}


class UnknownVerb(LookupError):
    """A verb that is not in the table: a fault of the program, not of the user."""


def roles_of(verb: str) -> frozenset[Role]:
    """The roles that may do a verb."""
    try:
        return VERBS[verb].roles
    except KeyError:
        raise UnknownVerb(verb) from None


def verbs_of(role: Role) -> list[Verb]:
    """What a role may do, in the order of the table."""
    return [verb for verb in VERBS.values() if role in verb.roles]


@dataclass(frozen=True)
class Row:
    """One line of the printed table."""

    code: str
    name: str
    allowed: dict[Role, bool]


def table() -> list[Row]:
    """Verb by role with names in the active language, for docs/reference."""
    return [Row(v.code, str(v.name), {role: role in v.roles for role in Role}) for v in VERBS.values()]
