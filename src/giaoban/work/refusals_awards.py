"""What the verbs on commendations and votes refuse, each with the sentence the user reads."""

from __future__ import annotations

from giaoban.core.refusal import Refused, sentence


class UnknownAward(Refused):
    """Not in the catalogue."""

    sentence = sentence("Choose a form of commendation of the list.")
    field = "kind"


class OnlyUnits(Refused):
    """A flag goes to a unit."""

    sentence = sentence("“%(kind)s” is given to units, not to persons; leave the name empty.")
    field = "person"


class OnlyPersons(Refused):
    """A title of a person."""

    sentence = sentence("“%(kind)s” is given to a person; write the name.")
    field = "person"


class AwardThere(Refused):
    """Proposed twice."""

    sentence = sentence("This commendation is on the list already.")
    field = "kind"


class NothingChosen(Refused):
    """A decision about nobody."""

    sentence = sentence("Choose at least one of those proposed.")


class NotProposedAward(Refused):
    """Given or ended meanwhile."""

    sentence = sentence("One of these is not waiting for a decision any more.")


class NotGivenAward(Refused):
    """Nothing to take back."""

    sentence = sentence("This commendation was not given, or was revoked already.")


class AwardEnded(Refused):
    """Dropped or revoked."""

    sentence = sentence("This commendation was dropped or revoked and stays as it was.")


class DecisionAhead(Refused):
    """A decision of a day to come."""

    sentence = sentence("The decision cannot be of a day to come.")
    field = "decided_on"


class NotTheirAward(Refused):
    """Beyond the giver's powers."""

    sentence = sentence(
        "“%(kind)s” is not given by %(unit)s but by: %(who)s (%(source)s). When their decision has come in, register it"
        " and give its number and date here."
    )
    field = "symbol"


class AwardChangedMeanwhile(Refused):
    """Somebody else saved first."""

    sentence = sentence("Somebody changed this commendation while you were writing; look at it and write once more.")


class NobodyMayVote(Refused):
    """No members."""

    sentence = sentence("Nobody is on the list of those who may vote: invite the members first.")


class MoreThanPresent(Refused):
    """More hands than people."""

    sentence = sentence("%(sum)s votes were counted, but only %(present)s of those who may vote are present.")
    field = "in_favour"


class VoteOver(Refused):
    """Closed votes stay."""

    sentence = sentence("This vote is over; its result does not change any more.")


class CountedByHand(Refused):
    """No ballots in a show of hands."""

    sentence = sentence("This vote is by show of hands; the secretary counts it.")


class VotedByPhone(Refused):
    """Not counted by the secretary."""

    sentence = sentence("In this vote each votes alone; close it, and it counts itself.")


class NotAVoter(Refused):
    """Not on the list."""

    sentence = sentence("You are not on the list of those who may vote here.")


class VoterAbsent(Refused):
    """Not checked in."""

    sentence = sentence("Only those present vote; let yourself be checked in first.")


class VotedAlready(Refused):
    """Once each."""

    sentence = sentence("A vote was given here already; each votes once.")


class UnknownThreshold(Refused):
    """Not in the catalogue."""

    sentence = sentence("Choose a threshold of the list.")
    field = "threshold"


class NotCounted(Refused):
    """A show of hands without its count."""

    sentence = sentence("Write how many were in favour, against, and abstained.")
    field = "in_favour"
