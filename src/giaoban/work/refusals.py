"""What the verbs of this room refuse, each with the sentence the user reads."""

from __future__ import annotations

from giaoban.core.refusal import Refused, sentence


class Required(Refused):
    """A field is empty."""

    sentence = sentence("This field must be filled in.")


class NoLead(Refused):
    """A task without anybody to do it."""

    sentence = sentence("A task needs one lead unit, or a group of units each of which does its part.")
    field = "lead"


class TwoLeads(Refused):
    """A task with one lead and a group at once."""

    sentence = sentence("A task has one lead unit or a group of units, not both.")
    field = "lead"


class LeadIsPartner(Refused):
    """A unit that works with itself."""

    sentence = sentence("%(unit)s leads this task and cannot be its partner as well.")
    field = "partners"


class NotThere(Refused):
    """The unit does not exist on the day."""

    sentence = sentence("%(unit)s does not exist on %(day)s.")
    field = "lead"


class OfficerElsewhere(Refused):
    """The officer's position is in another unit than the lead."""

    sentence = sentence("The position “%(position)s” is not in the lead unit.")
    field = "officer"


class OutsideText(Refused):
    """The offsets do not lie in the document's text."""

    sentence = sentence("The sentence from %(start)s to %(end)s does not lie in the text of this document.")
    field = "start"


class Whole(Refused):
    """The task is done in parts."""

    sentence = sentence("This task is done in parts; do this on the part of the unit concerned.")


class NotBinding(Refused):
    """The conclusion's notice is not issued yet."""

    sentence = sentence("This task binds only when the notice of its conclusion is issued.")


class Finished(Refused):
    """The task is confirmed as done, or called off."""

    sentence = sentence("This task is finished; nothing can be added to it.")


class AlreadyProposed(Refused):
    """It waits for confirmation."""

    sentence = sentence("This task was reported as done already and waits for confirmation.")


class NotProposed(Refused):
    """Nothing to confirm or send back."""

    sentence = sentence("The lead unit has not reported this task as done.")


class BadPercent(Refused):
    """Outside 0 to 100."""

    sentence = sentence("Progress is a whole number from 0 to 100.")
    field = "percent"


class NoDueDate(Refused):
    """A task without a due day cannot be extended."""

    sentence = sentence("This task has no due day, so there is nothing to extend.")


class AskedTooLate(Refused):
    """Extensions are asked before the due day."""

    sentence = sentence("More time must be asked before the due day (%(due)s).")
    field = "to_on"


class NotLater(Refused):
    """The new date is not after the present one."""

    sentence = sentence("The new due day must be later than the present one (%(due)s).")
    field = "to_on"


class ExtensionOpen(Refused):
    """One request at a time."""

    sentence = sentence("A request for more time is waiting for an answer already.")


class Decided(Refused):
    """The request was answered."""

    sentence = sentence("This request was decided already.")


class AlreadyReminded(Refused):
    """Once a day is enough."""

    sentence = sentence("The lead unit was reminded of this task today already.")


class NotAnEvent(Refused):
    """Only a task that waits for an event gets its date this way."""

    sentence = sentence("This task does not wait for an event.")


class NotAPartner(Refused):
    """The unit does not work on this task."""

    sentence = sentence("This unit is not a partner in this task.")


class MeetingNotOpen(Refused):
    """Something of a session, before it began."""

    sentence = sentence("The meeting is not open yet; open it first.")


class MeetingHeld(Refused):
    """Something of the plan, after the meeting began."""

    sentence = sentence("The meeting was held already; its plan can no longer be changed.")


class MeetingOver(Refused):
    """Nothing changes once the notice is out."""

    sentence = sentence("The notice of the conclusion is issued; the meeting can no longer be changed.")


class MeetingCancelled(Refused):
    """It did not take place."""

    sentence = sentence("The meeting was cancelled.")


class ConclusionBinds(Refused):
    """Issued with the notice."""

    sentence = sentence("This conclusion was issued with the notice and can no longer be changed.")


class ConclusionHasTasks(Refused):
    """Reword it, or keep it."""

    sentence = sentence("This conclusion has tasks; it can be reworded, not removed.")


class EndsBeforeStart(Refused):
    """Times turned round."""

    sentence = sentence("The meeting cannot end before it starts.")
    field = "ends_at"


class LinkElsewhere(Refused):
    """An agenda item links to another site."""

    sentence = sentence("Link to a page of this system; its address starts with “/”.")
    field = "link"


class NobodyInvited(Refused):
    """Invitations without anybody to send them to."""

    sentence = sentence("Nobody is invited yet.")


class SubstituteUnnamed(Refused):
    """A substitute has a name."""

    sentence = sentence("Write who came in place of the head of the unit.")
    field = "substitute"


class AbsenceUnexplained(Refused):
    """An absence has a reason."""

    sentence = sentence("Write the reason of the absence.")
    field = "reason"


class NoConclusion(Refused):
    """A notice without anything to tell."""

    sentence = sentence("Type at least one conclusion before the notice is issued.")


class NoticeBeforeMeeting(Refused):
    """A notice dated before the meeting."""

    sentence = sentence("The notice cannot be dated before the meeting (%(day)s).")
    field = "issued_on"


class UnknownDocument(Refused):
    """A number typed that names no document the actor can see, or several."""

    sentence = sentence("No document number %(symbol)s is registered where you can see it, or several are.")
    field = "document"
