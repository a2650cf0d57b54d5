"""What the verbs of checks refuse, each with the sentence the user reads."""

from __future__ import annotations

from giaoban.core.refusal import Refused, sentence


class PlanNotDraft(Refused):
    """Approved or issued already."""

    sentence = sentence("The plan is approved already; what changes now is moved, dropped or added with a reason.")


class PlanNotApproved(Refused):
    """Issued before its approval."""

    sentence = sentence("The plan must be approved by a leader before it is issued.")


class EmptyPlan(Refused):
    """Nothing to approve."""

    sentence = sentence("There is no line in this plan yet.")


class PlanNotIssued(Refused):
    """A check is decided on a plan that binds."""

    sentence = sentence("Issue the plan first; an unplanned check is added to the issued plan.")


class TimeOutsideYear(Refused):
    """A line stands in the plan of its year."""

    sentence = sentence("The time lies outside the year of the plan (%(year)s).")
    field = "time"


class NobodyChecked(Refused):
    """A line without a unit."""

    sentence = sentence("Name at least one unit to check.")
    field = "units"


class NotToCheck(Refused):
    """The unit is not below, nor guided by, who plans."""

    sentence = sentence("%(unit)s is neither below nor guided by the unit whose plan this is.")
    field = "units"


class NotThereToCheck(Refused):
    """A unit that does not exist on the day."""

    sentence = sentence("%(unit)s does not exist on %(day)s.")
    field = "units"


class LineDropped(Refused):
    """Nothing more is done on a line that was dropped."""

    sentence = sentence("This line of the plan was dropped; it stays only to be seen.")


class LineDecided(Refused):
    """The decision is out."""

    sentence = sentence("The check is decided already; move or drop it with a reason.")


class LineNotDecided(Refused):
    """No decision yet."""

    sentence = sentence("There is no decision to check yet.")


class SameTime(Refused):
    """Moved to where it stands."""

    sentence = sentence("The check stands at this time already.")
    field = "time"


class NoHead(Refused):
    """A team has a head before it is decided."""

    sentence = sentence("Name the head of the team first.")
    field = "head"


class HeadThere(Refused):
    """One head a team."""

    sentence = sentence("The team has a head already; make them a member first.")
    field = "head"


class NotOverlapping(Refused):
    """Teams are joined where two checks meet at one unit."""

    sentence = sentence("The two checks are not of the same unit.")


class JoinOffered(Refused):
    """One offer at a time."""

    sentence = sentence("An offer for this unit waits for its answer.")


class JoinAnswered(Refused):
    """Answered once."""

    sentence = sentence("This offer was answered already, or what it was about has changed.")


class CheckStarted(Refused):
    """Its minutes are being written: it is carried through."""

    sentence = sentence("The check of %(unit)s has begun; it is carried through.")


class CheckNotAtThisStep(Refused):
    """A step out of its turn."""

    sentence = sentence("This step is not open: the check is “%(state)s”.")


class OpensBeforeDecision(Refused):
    """A check opens after it was decided."""

    sentence = sentence("The check cannot open before its decision (%(day)s).")
    field = "opens_on"


class NothingFound(Refused):
    """Minutes say something of each subject."""

    sentence = sentence("Record at least one finding (a strength counts) before the minutes are presented.")


class NothingToMend(Refused):
    """A strength needs no task."""

    sentence = sentence("A strength needs neither a task nor an explanation.")


class FindingClosed(Refused):
    """Its task is confirmed or its explanation accepted."""

    sentence = sentence("This finding is closed.")


class FindingHasTask(Refused):
    """One task a finding."""

    sentence = sentence("A task for this finding is given already.")


class NothingExplained(Refused):
    """Nothing to judge."""

    sentence = sentence("The unit has not explained this finding, or the explanation was judged.")


class PaperGiven(Refused):
    """Handed in already."""

    sentence = sentence("This paper was handed in already.")


class ConcludedTooEarly(Refused):
    """The notice is of minutes that were signed."""

    sentence = sentence("The notice of results cannot be dated before the minutes were signed (%(day)s).")
    field = "issued_on"


class NotAnHeir(Refused):
    """A line is handed on from a unit that is gone."""

    sentence = sentence("%(unit)s still exists; drop it from the line with a reason if it is not to be checked.")
