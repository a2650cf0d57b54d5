"""What drafting, handing down, reporting by rhythm and confirming many at once refuse."""

from __future__ import annotations

from giaoban.core.refusal import Refused, sentence


class DraftNeedsOneLead(Refused):
    """A document drafted by a group, or again every month."""

    sentence = sentence("A document is drafted by one lead unit, once; give one task for each document.")
    field = "issuer"


class NotADraft(Refused):
    """No document is drafted in this task."""

    sentence = sentence("No document for another’s signature comes out of this task.")


class NoDraft(Refused):
    """Nothing to comment on or to sign."""

    sentence = sentence("Put the draft in first; comments and the signature are for a version of it.")
    field = "file"


class DraftSubmitted(Refused):
    """The draft lies with whoever signs it."""

    sentence = sentence("The draft has been submitted for signature; it can be changed when it is sent back.")


class DoneWhenIssued(Refused):
    """Reporting or confirming such a task as done."""

    sentence = sentence("This task is done when its document is issued: submit the draft, then record the document.")


class AskedAlready(Refused):
    """One open question a unit."""

    sentence = sentence("%(unit)s has been asked and has not answered yet.")
    field = "units"


class AsksTheLead(Refused):
    """The lead comments on its own draft."""

    sentence = sentence("%(unit)s drafts this document itself.")
    field = "units"


class CommentDayPast(Refused):
    """Comments asked for by a day that is over."""

    sentence = sentence("%(day)s is past; name the day until which comments are awaited.")
    field = "due_on"


class Commented(Refused):
    """The same question answered twice."""

    sentence = sentence("This comment was given on %(day)s; a further one is asked for on a new version.")
    field = "answer"


class NotAskedToComment(Refused):
    """A unit that was not asked."""

    sentence = sentence("Your unit is not asked for comments on this draft.")


class NotSubmitted(Refused):
    """Issued before anybody was asked to sign."""

    sentence = sentence("The draft has not been submitted for signature yet.")


class NotIssuedYet(Refused):
    """A register line without number or date."""

    sentence = sentence("The document has no number and date yet; number it in the register first.")
    field = "document"


class IssuedByOther(Refused):
    """A document of another unit."""

    sentence = sentence("%(document)s was not issued by %(unit)s.")
    field = "document"


class IssuedOutOfTime(Refused):
    """A document older than the task, or dated ahead."""

    sentence = sentence("%(document)s is dated before the task was given, or after today.")
    field = "document"


class IssuedFromOther(Refused):
    """One document, two drafting tasks."""

    sentence = sentence("%(document)s stands already as the product of the task “%(task)s”.")
    field = "document"


class NotBelow(Refused):
    """Handed down to a unit that is not below."""

    sentence = sentence("%(unit)s is not under your unit on %(day)s; ask it as a partner, or send it a request.")
    field = "lead"


class NoSuchReport(Refused):
    """A report for a period that none is owed for."""

    sentence = sentence("No periodic report is owed for %(day)s.")
    field = "due_on"


class ReportWritten(Refused):
    """The same period reported twice."""

    sentence = sentence("The report for %(label)s was written on %(day)s; a correction goes into the diary.")
    field = "due_on"


class NoRhythm(Refused):
    """Words that name no rhythm."""

    sentence = sentence(
        "“%(text)s” names no rhythm. Write for example: hằng tuần, hằng tháng, ngày 20 hằng tháng, hằng quý."
    )
    field = "report"


class RhythmTwice(Refused):
    """A recurring task with a rhythm of reports."""

    sentence = sentence("A recurring task is reported with each of its periods already; it needs no further rhythm.")
    field = "report"


class NotProposedAll(Refused):
    """Confirmed at once although not all were reported."""

    sentence = sentence("%(count)s of the chosen parts are not reported as done (any more), such as %(unit)s.")


class NothingChosen(Refused):
    """No part was chosen."""

    sentence = sentence("Choose at least one part.")


class NotARequest(Refused):
    """An order is carried out, not answered."""

    sentence = sentence("This task was assigned, not requested; report its progress.")


class RequestAnsweredAlready(Refused):
    """A request answered twice."""

    sentence = sentence("The request was answered on %(day)s.")


class NotAnIndicator(Refused):
    """A code that is not in the catalogue."""

    sentence = sentence("“%(code)s” is no indicator of the catalogue.")
    field = "indicator"


class EvidenceElsewhere(Refused):
    """A version of evidence of another task, or one replaced already."""

    sentence = sentence("That evidence is not of this task or has been replaced by a later one.")
    field = "replaces"
