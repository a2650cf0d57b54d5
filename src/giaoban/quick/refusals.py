"""What the verbs of this room refuse."""

from giaoban.core.refusal import Refused, sentence


class NoQuestions(Refused):
    sentence = sentence("A quick round has one to five questions.")
    field = "questions"


class NoTitle(Refused):
    sentence = sentence("Say in some words what is asked.")
    field = "title"


class NobodyAsked(Refused):
    sentence = sentence("No unit is chosen. Choose kinds of unit, and where they lie.")
    field = "kinds"


class UnknownUnits(Refused):
    sentence = sentence("Not found below the asking unit: %(names)s.")
    field = "names"


class BadHours(Refused):
    sentence = sentence("A quick round is due in 1 to 72 hours.")
    field = "hours"


class AskedNow(Refused):
    """A number asked by both lines is asked once."""

    sentence = sentence("“%(question)s” is being asked in “%(title)s” until %(closes)s: one answer serves both.")
    field = "questions"


class Closed(Refused):
    sentence = sentence("This quick round has closed; answers can no longer be changed.")


class LinkOver(Refused):
    sentence = sentence("This link no longer holds. Ask whoever sent it.")


class NameNeeded(Refused):
    sentence = sentence("Please give your name.")
    field = "name"


class TooOften(Refused):
    sentence = sentence("Too many answers in a short time. Try again in some minutes.")


class EverybodyAnswered(Refused):
    sentence = sentence("Every unit has answered.")
