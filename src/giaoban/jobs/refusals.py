"""What the verbs of this room refuse."""

from giaoban.core.refusal import Refused, sentence


class UnknownWork(Refused):
    sentence = sentence("Nobody answers to the background work “%(name)s”.")


class AlreadyOver(Refused):
    sentence = sentence("This work has ended already.")


class StillGoing(Refused):
    sentence = sentence("This work has not ended yet.")
