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


class EndsTooEarly(Refused):
    """A line of the calendar that ends before it begins."""

    sentence = sentence("The end must be after the beginning.")
    field = "ends_at"


class EnteredAlready(Refused):
    """A meeting that stands in the unit's calendar already."""

    sentence = sentence("This meeting stands in the calendar already.")


class CalledOffAlready(Refused):
    """A line of the calendar that was called off."""

    sentence = sentence("This line of the calendar was called off; enter a new one.")


class WeekApproved(Refused):
    """A week that is approved already."""

    sentence = sentence("The calendar of this week is approved already; later changes are marked one by one.")


class EmptyWeek(Refused):
    """A week without a line."""

    sentence = sentence("The calendar of this week has no line yet.")


class WeekClashes(Refused):
    """Lines that need the same person, room or car at once."""

    sentence = sentence(
        "%(count)s lines need somebody or something twice at once, first “%(first)s”."
        " Change them, or say why it may stay so."
    )
    field = "despite"


class FacilityThere(Refused):
    """A room or car of the same name."""

    sentence = sentence("“%(name)s” is there already.")
    field = "name"


class NotLent(Refused):
    """A room or car of another unit, or no longer lent."""

    sentence = sentence("Choose a room or car that the unit lends on this day.")


class NotOfUnit(Refused):
    """A position of another unit."""

    sentence = sentence("Choose positions of this unit.")


class AsksItself(Refused):
    """A request goes to another unit."""

    sentence = sentence("A unit asks another one, not itself.")
    field = "to"


class RequestAnswered(Refused):
    """One answer at a time; the asker judges it first."""

    sentence = sentence("This request was answered; the unit that asked says first whether that is enough.")


class RequestNotAnswered(Refused):
    """Nothing to judge yet."""

    sentence = sentence("This request has no answer yet.")


class RequestClosed(Refused):
    """Satisfied or withdrawn."""

    sentence = sentence("This request is closed.")


class RequestMade(Refused):
    """What was said became a request already."""

    sentence = sentence("A request was made of these words already.")


class NoUnitSpoke(Refused):
    """Nobody knows whose words these are."""

    sentence = sentence("Nobody is named whose words these are; name the unit.")
    field = "unit"


class DifficultyClosed(Refused):
    """Closed by a task or an answer."""

    sentence = sentence("This difficulty is closed; if it is said again, note it as a new one.")


class DifficultyNoted(Refused):
    """What was said was counted already."""

    sentence = sentence("These words were noted as a difficulty already.")


class ClosedByNothing(Refused):
    """A difficulty is closed by a task or an answer."""

    sentence = sentence("Write the answer, or name the task that removes it.")
    field = "answer"


class ChangedMeanwhile(Refused):
    """Somebody else saved another wording while this one was being written."""

    sentence = sentence(
        "%(who)s changed conclusion %(no)s at %(when)s while you were writing. Nothing is lost: compare the three"
        " wordings and save the one that is to stand."
    )
    field = "text"


class ChairBinds(Refused):
    """What the chair said binds; who runs the meeting does not reword it."""

    sentence = sentence("The chair said that this conclusion binds; only the chair or a leader rewords it.")


class TextNotApproved(Refused):
    """The chief of office signs what the chair approved."""

    sentence = sentence("The chair has not approved the text of this notice, or a conclusion changed since.")


class TextDiffers(Refused):
    """Signed word for word."""

    sentence = sentence("The text differs from the one the chair approved; it is signed word for word.")
    field = "text"


class ConclusionLeftOut(Refused):
    """The text lacks a conclusion."""

    sentence = sentence("The text leaves out conclusion %(no)s; each stands in it word for word.")
    field = "text"


class MinutesLocked(Refused):
    """The meeting is closed: what is added or changed says why."""

    sentence = sentence("The minutes are locked since the meeting was closed; write why they are changed.")
    field = "reason"


class MeetingNotClosed(Refused):
    """The meeting still goes on."""

    sentence = sentence("The meeting still goes on.")


class ItemAdopted(Refused):
    """An item of a programme that is a task already."""

    sentence = sentence("This item was adopted and is a task; change its task, or call the item off.")


class ItemOff(Refused):
    """An item of a programme that was called off."""

    sentence = sentence("This item was called off; put a new one in.")


class ProgrammeAdopted(Refused):
    """A programme that is adopted already."""

    sentence = sentence("This programme is adopted already; what is put in now becomes a task at once.")


class EmptyProgramme(Refused):
    """A programme without an item."""

    sentence = sentence("There is no item to adopt yet.")


class TooManyAtOnce(Refused):
    """A phone sends in parts."""

    sentence = sentence("At most %(most)s check-ins are sent at once.")


class NotOnTheList(Refused):
    """Nobody of that code or number is invited."""

    sentence = sentence("This person is not on the list of those invited (any more).")


class NoSuchSession(Refused):
    """The session was struck off the programme."""

    sentence = sentence("This session is not in the programme (any more).")


class TooEarlyToCheckIn(Refused):
    """Hours before the meeting."""

    sentence = sentence("Check-in begins three hours before the meeting.")


class CodeOver(Refused):
    """The code in the room changes every few minutes."""

    sentence = sentence("This code no longer holds; read the one on the screen anew.")
    field = "code"


class GuestLinkOver(Refused):
    """Not signed by us, taken back, or long over."""

    sentence = sentence("This link opens nothing (any more). Ask the host of the meeting for a new one.")


class AnsweredJustNow(Refused):
    """One answer at a time by a link."""

    sentence = sentence("An answer was sent a moment ago; wait a few seconds.")


class NoSubstituteAnnounced(Refused):
    """The chair agrees to a substitute that was named."""

    sentence = sentence("This unit sends no substitute.")


class SessionEndsTooEarly(Refused):
    """Times of a session turned round."""

    sentence = sentence("The end must be after the beginning.")
    field = "ends_at"


class SessionThere(Refused):
    """The same subject at the same time."""

    sentence = sentence("This session is in the programme already.")
    field = "subject"


class SessionAttended(Refused):
    """What was attended stays."""

    sentence = sentence("Somebody has checked in at this session; it stays in the programme.")


class NotSoManySessions(Refused):
    """More sessions needed than there are."""

    sentence = sentence("The training has %(count)s sessions; between one and all of them can be needed.")
    field = "needed"
