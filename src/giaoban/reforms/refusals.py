"""What verbs on reforms refuse."""

from __future__ import annotations

from giaoban.core.refusal import Refused, sentence


class NoTitle(Refused):
    sentence = sentence("Say what the reorganisation is about.")
    field = "title"


class NotADraft(Refused):
    sentence = sentence("This reorganisation was applied already; undo it to change it.")


class NotApplied(Refused):
    sentence = sentence("Only a reorganisation that is applied can be undone.")


class NothingToApply(Refused):
    sentence = sentence("There is nothing in the draft yet: add what is to be done.")


class ReasonNeeded(Refused):
    sentence = sentence("Say why it is undone.")
    field = "why"


class NoSuchPart(Refused):
    sentence = sentence("This part of the draft is gone. Look at the draft again.")


class UnknownAnswer(Refused):
    sentence = sentence("Choose one of the answers.")
    field = "answer"


class AnsweredAlready(Refused):
    sentence = sentence("%(who)s decided this already: %(answer)s.")


class ChangedSinceShown(Refused):
    sentence = sentence("The draft was changed since this page was shown. Read it again before you apply it.")


class NotYours(Refused):
    sentence = sentence("You do not manage “%(unit)s”. Ask the administrator above both units.")
    field = "unit"
