"""What the verbs of this room refuse, each with the sentence its reader sees."""

from giaoban.core.refusal import Refused, sentence


class NotADraft(Refused):
    sentence = sentence("This table has been loaded already; take it in again as a new file to change something.")


class NothingPointed(Refused):
    sentence = sentence("No label of the table has been given a meaning yet.")


class NoUnits(Refused):
    sentence = sentence("Say which column names the units, or whose figures they are.")


class NoSeries(Refused):
    sentence = sentence("Choose the series the figures belong to.")
    field = "series"


class NoRound(Refused):
    sentence = sentence("Choose the round whose reports are to be filled in.")
    field = "round"


class StillQuestions(Refused):
    sentence = sentence("%(n)s names in the table are not known yet; say what each of them means.")


class StillFaults(Refused):
    sentence = sentence("%(n)s cells have faults. Correct them in the file, or load the rest without them.")


class NothingToLoad(Refused):
    sentence = sentence("The table gives no figure to load.")


class OutOfReach(Refused):
    sentence = sentence("“%(unit)s” lies outside what you may load figures for (and %(others)s other units).")


class BadFactor(Refused):
    sentence = sentence("“%(text)s” is no factor; write 1000, or by year: 1000 đến 2014; 1.")
    field = "factor"


class NotLoaded(Refused):
    sentence = sentence("This load cannot be taken back: it has not been loaded, or was taken back already.")


class OnlySeries(Refused):
    sentence = sentence("Drafts filled in from a table are corrected in the reports themselves.")


class ReasonNeeded(Refused):
    sentence = sentence("Please give the reason.")
    field = "why"


class NoName(Refused):
    sentence = sentence("Give it a name.")
    field = "name"


class NobodysUnit(Refused):
    sentence = sentence("No unit of that time has the code, the name or the number “%(text)s”.")
    field = "unit"


class NoSuchCell(Refused):
    sentence = sentence("The catalogue has no cell “%(text)s”.")
    field = "cell"


class SeriesTaken(Refused):
    sentence = sentence("There is already a series with the code “%(code)s”.")
    field = "series_code"


class BadSeriesCode(Refused):
    sentence = sentence("“%(code)s” is not a code: use letters without marks, digits and underscores.")
    field = "series_code"


class FileGone(Refused):
    sentence = sentence("The file “%(name)s” is not kept any more; take it in again.")
