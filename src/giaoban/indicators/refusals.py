"""What the verbs of this room refuse, each with the sentence its reader sees."""

from giaoban.core.refusal import Refused, sentence

# The catalogue


class BadCode(Refused):
    sentence = sentence("“%(code)s” is not a code: use letters without marks, digits and underscores.")
    field = "code"


class UnknownDimension(Refused):
    sentence = sentence("There is no dimension “%(code)s”.")
    field = "dimensions"


class DimensionsFixed(Refused):
    sentence = sentence("“%(element)s” is published; its dimensions cannot change. Publish another element.")
    field = "dimensions"


class MeaningFixed(Refused):
    """A figure already typed would come to mean something else."""

    sentence = sentence("“%(element)s” has figures: this would change what they mean. Publish another element instead.")


class PeriodReserved(Refused):
    sentence = sentence("“ky” names the period in rules; choose another code.")
    field = "code"


class UnitFixed(Refused):
    sentence = sentence("“%(indicator)s” has targets in its unit of measure; publish another indicator instead.")
    field = "unit"


class CodeSystemNeeded(Refused):
    sentence = sentence("Say whose code “%(code)s” is, for example the circular that gives it.")
    field = "code_system"


class NameNeeded(Refused):
    sentence = sentence("Please give it a name.")
    field = "name"


class UnknownText(Refused):
    sentence = sentence("The catalogue has nothing with the code “%(code)s”.")
    field = "code"


class ElementRetired(Refused):
    sentence = sentence("“%(element)s” is no longer used: no new sheet may ask it. Bring it back, or show another.")


class CellTwice(Refused):
    sentence = sentence("“%(cell)s” already stands in line %(line)s of this sheet.")


class LineEmpty(Refused):
    sentence = sentence("Line %(line)s has neither a cell nor a formula.")


class SentenceNeeded(Refused):
    sentence = sentence("Rule %(rule)s needs the sentence its reader sees when it does not hold.")


class UnknownName(Refused):
    sentence = sentence("“%(name)s” names no published element or cell.")
    field = "expression"


class NoCondition(Refused):
    sentence = sentence("A rule needs a condition, such as girls <= pupils: “%(expression)s”.")
    field = "expression"


class NoAmount(Refused):
    sentence = sentence("A formula needs a number, not a condition: “%(expression)s”.")
    field = "expression"


class NeverRolledUp(Refused):
    sentence = sentence("“%(name)s” is a printed rate without counts; a formula over it cannot be added up.")
    field = "expression"


class FormulaExists(Refused):
    sentence = sentence("“%(indicator)s” already has another formula from %(start)s; a version is never rewritten.")
    field = "start"


class SheetInUse(Refused):
    sentence = sentence("The sheet “%(sheet)s” has been sent out; its lines cannot change. Publish another sheet.")


class SheetRetired(Refused):
    sentence = sentence("The sheet “%(sheet)s” is no longer used.")
    field = "sheet"


class CellOwned(Refused):
    sentence = sentence("“%(cell)s” is already asked by the sheet “%(sheet)s”; show it here read-only.")


class NotInSheet(Refused):
    sentence = sentence("The rule “%(sentence)s” uses “%(name)s”, which is not on the sheet.")


class NoLines(Refused):
    sentence = sentence("A sheet needs at least one line to fill in.")
    field = "lines"


class UnknownKind(Refused):
    sentence = sentence("There is no kind of unit “%(code)s”.")
    field = "kinds"


class NoTarget(Refused):
    sentence = sentence("There is no target to take back.")


# Rounds


class UnknownSheet(Refused):
    sentence = sentence("There is no sheet “%(code)s”.")
    field = "sheet"


class DueTooSoon(Refused):
    """NĐ 09/2019/NĐ-CP Điều 8 k5 b: at least one working day between the cut-off and handing in."""

    sentence = sentence(
        "Figures close on %(cutoff)s; units must have at least one working day: the due day is %(earliest)s or later."
    )
    field = "due_on"


class DueBeforeOpening(Refused):
    sentence = sentence("The due day %(due)s lies before the day the round opens, %(opens)s.")
    field = "due_on"


class StepTooSoon(Refused):
    """NĐ 09/2019/NĐ-CP Điều 8 k5 b: where levels consolidate, the deadline of every level is stated."""

    sentence = sentence(
        "Step %(order)s, “%(step)s”, needs at least one working day after %(before)s: %(earliest)s or later."
    )
    field = "steps"


class NoSteps(Refused):
    sentence = sentence("A round needs at least one step that accepts the figures.")
    field = "steps"


class BadStep(Refused):
    sentence = sentence("Step %(order)s does not say who carries it out.")
    field = "steps"


class NoUnits(Refused):
    sentence = sentence("No unit of the chosen kinds stands below on %(day)s.")
    field = "kinds"


class NotBelow(Refused):
    sentence = sentence("“%(unit)s” is not among the units that can be asked.")
    field = "units"


class AlreadyAsked(Refused):
    sentence = sentence("“%(unit)s” already owes this sheet for %(period)s (and %(others)s other units).")
    field = "units"


class NobodyForStep(Refused):
    sentence = sentence("Nobody stands above “%(unit)s” for step %(order)s, “%(step)s”.")
    field = "steps"


class AskedTwiceInTree(Refused):
    """A unit's total is its own figures plus those below: one level reports an element in a period."""

    sentence = sentence(
        "“%(above)s” and “%(below)s”, which lies in it, would both report these figures for %(period)s: counted twice."
    )


class JoinedByOthers(Refused):
    sentence = sentence("“%(opener)s” takes its figures from this round; agree with it before taking the round back.")


class AlreadyAnswered(Refused):
    sentence = sentence("%(n)s units have already handed in; the round can no longer be taken back.")


class ReasonNeeded(Refused):
    sentence = sentence("Please give the reason.")
    field = "reason"


class MissingUnits(Refused):
    sentence = sentence("%(n)s units are still missing; give the reason for going on without them.")
    field = "reason"


class AlreadyLocked(Refused):
    sentence = sentence("The round is already locked.")


class NotLocked(Refused):
    sentence = sentence("The round is not locked; units can hand in as usual.")


class ReopenInPast(Refused):
    sentence = sentence("The day until which it is open must not lie in the past.")
    field = "until"


# Entry


class NotOpenYet(Refused):
    sentence = sentence("The round opens on %(opens)s.")


class Locked(Refused):
    sentence = sentence("The figures of this round are locked. Ask for the report to be re-opened.")


class NotAsked(Refused):
    sentence = sentence("This report has no cell with the number %(cell)s to fill in.")


class BadCellNumber(Refused):
    sentence = sentence("%(cell)s: “%(text)s” is not a number. Write 1.234 for thousands.")


class TooManyDecimals(Refused):
    sentence = sentence("%(cell)s: “%(text)s” has too many decimals; at most %(places)s.")


class NotWholeNumber(Refused):
    sentence = sentence("%(cell)s: “%(text)s” is not a whole number.")


class NegativeNumber(Refused):
    sentence = sentence("%(cell)s: “%(text)s” is below nought.")


class NumberTooLarge(Refused):
    sentence = sentence("%(cell)s: “%(text)s” is too large.")


class ChangedMeanwhile(Refused):
    sentence = sentence("%(cell)s: somebody else (%(who)s) has typed %(now)s meanwhile; the page showed %(was)s.")


class KeyOfAnother(Refused):
    """A key belongs to the report and the account that first used it."""

    sentence = sentence("This batch was made by another account or for another report.")


class BadSending(Refused):
    sentence = sentence("What the browser sent is no batch of cells.")


class RemarkNeedsWords(Refused):
    sentence = sentence("Write the question or the answer.")
    field = "text"


class UnknownQuestion(Refused):
    sentence = sentence("This report has no such question.")


class AnsweredAlready(Refused):
    sentence = sentence("This question has been answered already; ask a new one if more is to be said.")


class CellMissing(Refused):
    sentence = sentence("%(cell)s: enter a figure, or write why there is none.")


class RuleBroken(Refused):
    sentence = sentence("%(rule)s Correct the figures, or explain one of them.")


class WordsNeeded(Refused):
    """An unusual value passes with an explanation, and not without one where the sheet asks it."""

    sentence = sentence("%(finding)s Correct it, or write why it is so.")


class StillReturned(Refused):
    sentence = sentence("%(cell)s was returned (%(reason)s): correct it or explain it.")


class NothingChanged(Refused):
    sentence = sentence("Nothing has changed since the last time it was handed in.")


class AnswerNeeded(Refused):
    sentence = sentence("The report was returned: correct it, or write in the note why it stands as it is.")
    field = "note"


class ChangedSinceShown(Refused):
    """A stale page must not decide over what its reader has not seen."""

    sentence = sentence("“%(unit)s” has changed since this page was opened. Look at it again before deciding.")


# Review


class UnknownReport(Refused):
    sentence = sentence("There is no report with the number %(report)s.")


class UnknownStep(Refused):
    sentence = sentence("The round has no step %(step)s.")
    field = "step"


class NothingToAccept(Refused):
    sentence = sentence("The report of “%(unit)s” has nothing waiting at this step.")


class NotYourStep(Refused):
    sentence = sentence("“%(step)s” for “%(unit)s” is not carried out by your unit.")


class NothingToReturn(Refused):
    sentence = sentence("“%(unit)s” has handed in nothing that could be returned.")


class NothingToWithdraw(Refused):
    sentence = sentence("None of these figures of “%(unit)s” counts yet.")


class NothingToSignOff(Refused):
    sentence = sentence("No report passes through your unit at this step.")


class NobodyLate(Refused):
    sentence = sentence("Nobody is late.")


# Series


class UnknownSeries(Refused):
    sentence = sentence("There is no series “%(code)s”.")
    field = "series"


class ReportSeriesClosed(Refused):
    sentence = sentence("Figures of the series “report” come from rounds only.")
    field = "series"


class BadRow(Refused):
    sentence = sentence("Row %(row)s: %(what)s “%(value)s” is not known.")


class RowTwice(Refused):
    sentence = sentence("Rows %(first)s and %(row)s give the same figure twice.")


class RowOverlap(Refused):
    sentence = sentence(
        "Row %(row)s: “%(above)s” and “%(below)s”, which lies in it, would both have this figure for %(period)s."
    )


# Lines, entering on behalf, signed copies


class LineUnnamed(Refused):
    sentence = sentence("Give the line a name that says who checks and who approves.")
    field = "name"


class LineLater(Refused):
    sentence = sentence("“%(name)s” of the same code holds from %(start)s; a line cannot be set before it.")
    field = "start"


class LineClosed(Refused):
    sentence = sentence("The line “%(name)s” has ended already.")


class StepDays(Refused):
    """NĐ 09/2019/NĐ-CP Điều 8 k5 b."""

    sentence = sentence("Step %(order)s, “%(step)s”, takes %(least)s to %(most)s working days.")
    field = "steps"


class UnknownLine(Refused):
    sentence = sentence("There is no approval line “%(code)s”.")
    field = "line"


class BadStagger(Refused):
    sentence = sentence("The due time of “%(cluster)s” lies before that of the round.")
    field = "staggers"


class SourceNeeded(Refused):
    sentence = sentence("Say where the figures come from: a phone call, the number of a paper.")
    field = "source"


class NotAbove(Refused):
    sentence = sentence("Figures of “%(unit)s” are entered on its behalf only by the level that checks them.")


class NothingEntered(Refused):
    sentence = sentence("Enter at least one figure that differs from what was handed in.")


class NotOnBehalf(Refused):
    sentence = sentence("This handing-in was not entered on behalf of the unit, or has been answered already.")


class NoCopyNeeded(Refused):
    sentence = sentence("The round asks for no signed copy.")


class NothingToSign(Refused):
    sentence = sentence("Nothing has been handed in that a copy could be signed of.")


class WrongCheckCode(Refused):
    sentence = sentence("The code %(code)s is not that of what was handed in last, %(now)s: the copy is out of date.")
    field = "code"


class NotThisForm(Refused):
    sentence = sentence("The round asks for another form of signed copy.")
    field = "form"


class NotASignedFile(Refused):
    sentence = sentence("“%(name)s” is not a PDF that holds a digital signature.")
    field = "file"


class CopyTooLarge(Refused):
    sentence = sentence("“%(name)s” is larger than %(most)s MB.")
    field = "file"
