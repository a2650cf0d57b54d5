"""What is refused about papers, private notes, sites and certificates of a meeting."""

from __future__ import annotations

from giaoban.core.refusal import Refused, sentence


class PresenterNotInvited(Refused):
    """A paper is asked of who comes."""

    sentence = sentence("%(unit)s is not invited; invite it first, then ask it for a paper.")
    field = "presenter_unit"


class PaperWithdrawn(Refused):
    """Nothing is delivered for a paper that was withdrawn."""

    sentence = sentence("This paper was withdrawn; ask for a new one.")


class SamePaper(Refused):
    """The newest version has the same content."""

    sentence = sentence("This file is the same as version %(no)s; nothing new was kept.")
    field = "file"


class NothingMissing(Refused):
    """Nobody to remind."""

    sentence = sentence("No paper is missing, or those who owe one were reminded today already.")


class ItemAlreadyOpen(Refused):
    """Two people pressed at once."""

    sentence = sentence("This item is being dealt with already.")


class NoteUsed(Refused):
    """A note is turned into something once."""

    sentence = sentence("This note was turned into a contribution or a request already.")


class SiteThere(Refused):
    """Names of sites are told apart."""

    sentence = sentence("A site of this name is there already.")
    field = "name"


class SiteHasPeople(Refused):
    """Who is assigned there would belong nowhere."""

    sentence = sentence("%(count)s of those invited belong to this site; assign them to another first.")


class NoSuchSite(Refused):
    """A phone that kept an old page."""

    sentence = sentence("This site is not one of this meeting (any more).")


class OtherSite(Refused):
    """Who keeps one site checks in those who belong to it."""

    sentence = sentence("This person belongs to another site; the host checks them in.")


class NotReadyUnexplained(Refused):
    """What is not ready is told."""

    sentence = sentence("Say what is not ready.")
    field = "note"


class CertificateNotDue(Refused):
    """The condition is data of the training."""

    sentence = sentence("%(names)s: not enough sessions attended for the certificate.")


class CertificateUnnamed(Refused):
    """A certificate is a person's."""

    sentence = sentence("%(names)s: no person is named. Let the unit register its learners, or name who attended.")


class NobodyToCertify(Refused):
    """All have theirs, or nobody attended enough."""

    sentence = sentence("Nobody waits for a certificate: all who attended enough sessions have theirs.")


class CertificateIsWithdrawn(Refused):
    """Withdrawn once."""

    sentence = sentence("This certificate was withdrawn already.")


class NotATraining(Refused):
    """Learners and certificates belong to trainings."""

    sentence = sentence("Only a training has learners and certificates.")


class TooManyLearners(Refused):
    """Pasted by mistake."""

    sentence = sentence("At most %(most)s learners at once.")
    field = "names"
