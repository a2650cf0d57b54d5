"""What the verbs of the journal, and what they note, are called on a screen.

The rooms above write their verbs as plain text, so their words can stand here without an import; a verb that bears the
name of a right (`roles.VERBS`) takes its word from there. tests/promises/test_guards.py keeps the list whole.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from giaoban.core.text import sort_key
from giaoban.people.roles import VERBS, Role

VERB_WORDS: dict[str, str | Promise] = {
    "account.activate": _("Lifted a suspension"),
    "account.change": _("Changed an account"),
    "account.change_own_password": _("Changed their own password"),
    "account.create": _("Created an account"),
    "account.deactivate": _("Suspended an account"),
    "account.load": _("Took on people from a table"),
    "account.set_password": _("Made a temporary password"),
    "account.take_on": _("Took somebody on"),
    "account.unlock": _("Unlocked sign-in"),
    "catalogue.load": _("Loaded the catalogue of figures"),
    "catalogue.import": _("Took in a text file of the catalogue"),
    "copy.receive": _("Noted a signed copy"),
    "demo.scene": _("Played a scene of the demonstration"),
    "dimension.define": _("Defined a dimension"),
    "document.attach_figure": _("Attached a figure of a document"),
    "document.correct": _("Corrected the entry of a document"),
    "document.address": _("Sent a document to units"),
    "document.counter": _("Set the unit’s own counter of numbers"),
    "document.import": _("Took in a register from a file"),
    "document.note": _("Noted how a document is handled"),
    "document.number": _("Took or gave up numbers"),
    "document.propose": _("Proposed how a document is handled"),
    "document.send_down": _("Sent a document down to units of a kind"),
    "document.study": _("Recorded how a document was studied"),
    "document.follow": _("Sent documents on to a successor"),
    "document.link": _("Linked documents"),
    "document.receive": _("Received a document"),
    "document.register": _("Registered a document"),
    "document.take_back": _("Took documents back from a successor"),
    "document.unlink": _("Took back a link between documents"),
    "document.withdraw_figure": _("Withdrew an attached figure"),
    "element.define": _("Defined an element"),
    "element.retire": _("Retired an element"),
    "element.restore": _("Brought an element back into use"),
    "formula.add": _("Changed a formula"),
    "grant.give": _("Gave a role"),
    "grant.revoke": _("Took a role back"),
    "indicator.define": _("Defined an indicator"),
    "indicator.retire": _("Retired an indicator"),
    "indicator.restore": _("Brought an indicator back into use"),
    "job.again": _("Let background work go on"),
    "job.ask": _("Asked for background work"),
    "job.stop": _("Stopped background work"),
    "line.close": _("Ended an approval line"),
    "line.define": _("Set an approval line"),
    "meeting.agenda": _("Changed an agenda"),
    "meeting.amend": _("Changed a meeting"),
    "meeting.answer": _("Answered an invitation"),
    "meeting.attendance": _("Took attendance"),
    "meeting.cancel": _("Called a meeting off"),
    "meeting.check_in": _("Checked people in"),
    "meeting.close": _("Closed a meeting"),
    "meeting.consent": _("Decided on a substitute"),
    "meeting.conclude": _("Concluded a meeting"),
    "meeting.invite": _("Invited units"),
    "meeting.issue_notice": _("Issued a notice of conclusions"),
    "meeting.note": _("Noted what was said"),
    "meeting.open": _("Opened a meeting"),
    "meeting.plan": _("Planned a meeting"),
    "meeting.send_invitations": _("Sent invitations"),
    "meeting.sessions": _("Changed the programme of a training"),
    "meeting.uninvite": _("Took an invitation back"),
    "notice.follow": _("Passed messages on to a successor"),
    "notice.mail": _("Switched mail on or off"),
    "notice.send": _("Sent a message"),
    "notice.take_back": _("Took messages back from a successor"),
    "position.act_for": _("Let somebody act for another"),
    "position.appoint": _("Appointed somebody"),
    "position.create": _("Created a position"),
    "position.dismiss": _("Ended a holding"),
    "position.follow": _("Let positions and roles go along with their unit"),
    "position.hand_over": _("Handed a position over"),
    "position.take_back": _("Took positions and roles back to their unit"),
    "quick.answer_by_link": _("Answered a quick round through its link"),
    "quick.close": _("Closed a quick round"),
    "quick.open": _("Opened a quick round"),
    "quick.remind": _("Reminded units of a quick round"),
    "quick.repeat": _("Asked a quick round again"),
    "reading.adopt": _("Took over what was read in a document"),
    "reading.decide": _("Decided on proposals of a document"),
    "reading.discard": _("Threw a half-done reading away"),
    "reading.keep": _("Kept a document to be read"),
    "report.accept": _("Accepted a report"),
    "report.address": _("Filled in number and signature of a written report"),
    "report.begin": _("Began a written report"),
    "reform.answer": _("Decided a question of a reorganisation"),
    "reform.apply": _("Applied a reorganisation"),
    "reform.discard": _("Discarded a draft of a reorganisation"),
    "reform.draft": _("Prepared a reorganisation"),
    "reform.edit": _("Changed a draft of a reorganisation"),
    "reform.follow": _("Passed open work on, as a reorganisation came into force"),
    "reform.undo": _("Undid a reorganisation"),
    "report.behalf": _("Entered figures on behalf of a unit"),
    "report.confirm": _("Confirmed figures entered on its behalf"),
    "report.follow": _("Passed open reports on to a successor"),
    "report.issue": _("Issued a written report"),
    "report.object": _("Objected to figures entered on its behalf"),
    "report.reopen": _("Opened a report again"),
    "report.return": _("Returned a report"),
    "report.return_many": _("Returned reports"),
    "report.rewrite": _("Put own words into a written report"),
    "report.submit": _("Submitted a report"),
    "report.take_back": _("Took open reports back from a successor"),
    "remark.answer": _("Answered a question on a figure"),
    "remark.ask": _("Asked about a figure"),
    "report.type": _("Typed figures"),
    "report.withdraw": _("Withdrew figures"),
    "round.cancel": _("Called a round off"),
    "round.escalate": _("Told the level above of late units"),
    "round.lock": _("Locked figures"),
    "round.open": _("Opened a round"),
    "round.open_many": _("Opened rounds, one a line"),
    "round.prolong": _("Added steps to a round"),
    "round.remind": _("Reminded late units"),
    "round.sign_off": _("Signed a round off"),
    "series.define": _("Defined a series"),
    "series.import": _("Imported a series"),
    "sheet.publish": _("Published a sheet"),
    "sheet.begin": _("Began a sheet"),
    "sheet.build": _("Worked on a draft of a sheet"),
    "sheet.discard": _("Discarded a draft of a sheet"),
    "sheet.schedule": _("Set the day a sheet is published"),
    "sheet.retire": _("Retired a sheet"),
    "target.load": _("Took in a table of targets"),
    "target.set": _("Set a target"),
    "target.share": _("Shared a target out to units below"),
    "target.withdraw": _("Withdrew a target"),
    "task.answer": _("Answered as a partner"),
    "task.ask_extension": _("Asked for more time"),
    "task.assign": _("Assigned a task"),
    "task.call_off": _("Called a task off"),
    "task.confirm": _("Confirmed a task as done"),
    "task.event": _("Named the day a task waits for"),
    "task.extend": _("Decided on more time"),
    "task.follow": _("Passed open tasks and meetings on to a successor"),
    "task.open_cycles": _("Opened recurring tasks"),
    "task.propose": _("Reported a task as done"),
    "task.remind": _("Reminded of a task"),
    "task.report": _("Reported progress"),
    "task.send_back": _("Sent a task back"),
    "task.take_back": _("Took open tasks and meetings back from a successor"),
    "task.take_up": _("Took a task up"),
    "unit.call": _("Confirmed what a name means"),
    "unit.carry_out": _("Carried out a decree"),
    "unit.close": _("Closed a unit"),
    "unit.declare_shares": _("Declared the shares of a division"),
    "unit.establish": _("Established a unit"),
    "unit.establish_many": _("Established units"),
    "unit.load": _("Loaded administrative units"),
    "unit.load_kinds": _("Loaded kinds of units"),
    "unit.mark": _("Gave a unit an attribute"),
    "unit.move": _("Moved a unit"),
    "unit.move_many": _("Moved units"),
    "unit.name_hierarchy": _("Named a hierarchy"),
    "unit.place": _("Placed a unit after a division"),
    "unit.reclassify": _("Changed a unit's kind"),
    "unit.recode": _("Changed a unit's code"),
    "unit.record_decision": _("Recorded a decision"),
    "unit.rename": _("Renamed a unit"),
    "unit.reopen": _("Opened a unit again"),
    "unit.reorganise": _("Reorganised units"),
    "unit.uncall": _("Withdrew a confirmed name"),
    "unit.undo": _("Undid a change of units"),
    "workbook.make": _("Made workbooks"),
    "workbook.mark": _("Marked the faults in workbooks"),
    "workbook.receive": _("Handed up workbooks"),
    "workbook.remove": _("Removed old files of workbooks"),
    "workbook.write": _("Wrote a batch of workbooks into drafts"),
    "workbook.take": _("Wrote workbooks into reports"),
    "intake.begin": _("Took a table in"),
    "intake.discard": _("Threw a table away"),
    "intake.load": _("Loaded a table"),
    "intake.name": _("Said what names in a table mean"),
    "intake.point": _("Pointed at a table"),
    "intake.remove": _("Removed old files of tables"),
    "intake.withdraw": _("Took a loaded table back"),
    "layout.keep": _("Kept how a table is read"),
    "layout.retire": _("Stopped using a layout"),
    "series.take_in": _("Took figures of a series into drafts"),
    "intake.ask": _("Asked for a table to be loaded"),
    "intake.try": _("Tried a table out"),
    "programme.put_in": _("Put an item into the work programme"),
    "programme.change": _("Changed an item of the work programme"),
    "programme.call_off": _("Called an item of the work programme off"),
    "programme.adopt": _("Adopted the work programme"),
    "difficulty.close": _("Removed a difficulty"),
    "difficulty.note": _("Noted a difficulty"),
    "meeting.approve_notice": _("Approved the text of a notice"),
    "meeting.bind": _("Let a conclusion bind at once"),
    "minutes.correct": _("Corrected the minutes"),
    "request.answer": _("Answered a request"),
    "request.judge": _("Said whether an answer was enough"),
    "request.make": _("Made a request"),
    "request.note": _("Made a request of what was said"),
    "request.withdraw": _("Withdrew a request"),
    "week.enter": _("Entered a line of the week's calendar"),
    "week.change": _("Changed a line of the week's calendar"),
    "week.call_off": _("Called a line of the week's calendar off"),
    "week.approve": _("Approved the week's calendar"),
    "week.lend": _("Added a room or car"),
    "week.lend_no_more": _("Took a room or car off the list"),
}

DATA_WORDS: dict[str, str | Promise] = {
    "accounts": _("Accounts"),
    "after": _("It became"),
    "before": _("It was"),
    "cells": _("Cells"),
    "due": _("Deadline as written"),
    "due_on": _("Due day"),
    "end": _("Until before"),
    "for": _("In place of"),
    "from_name": _("From whom"),
    "name": _("Name"),
    "on": _("Effective from"),
    "percent": _("Percent done"),
    "period": _("Period"),
    "reports": _("Reports"),
    "role": _("Role"),
    "rows": _("Rows"),
    "sheet": _("Sheet"),
    "stand_ins": _("Also ended"),
    "start": _("From"),
    "subject": _("Subject of the message"),
    "symbol": _("Number and symbol"),
    "tasks": _("Tasks"),
    "to_name": _("To whom"),
    "units": _("Units"),
    "username": _("User name"),
    "value": _("Value"),
}


def verb_word(verb: str) -> str:
    """The Vietnamese of a verb; one that has none yet is shown by its code rather than hidden."""
    if verb in VERB_WORDS:
        return str(VERB_WORDS[verb])
    return str(VERBS[verb].name) if verb in VERBS else verb


def verb_choices() -> list[tuple[str, str]]:
    """For a filter: every verb, in Vietnamese order."""
    return sorted(((code, str(word)) for code, word in VERB_WORDS.items()), key=lambda pair: sort_key(pair[1]))


def details(data: dict[str, Any]) -> list[tuple[str, str]]:
    """What a verb noted, as a person reads it; numbers of rows and empty values are left out."""
    return [
        (str(DATA_WORDS[name]), _shown(name, value))
        for name, value in data.items()
        if name in DATA_WORDS and value not in (None, "", [], {})
    ]


def _shown(name: str, value: Any) -> str:
    if name == "role" and value in set(Role):
        return Role(value).label
    if isinstance(value, dict) or (isinstance(value, list) and not all(isinstance(one, str) for one in value)):
        return now("%(count)s entries") % {"count": len(value)}
    if isinstance(value, list):
        return ", ".join(one for one in value if one)
    return _day(value) if isinstance(value, str) else str(value)


def _day(text: str) -> str:
    """A day or a moment as it is written here; any other text as it is."""
    try:
        if len(text) == 10:
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        return f"{datetime.fromisoformat(text):%H:%M %d/%m/%Y}" if "T" in text else text
    except ValueError:
        return text
