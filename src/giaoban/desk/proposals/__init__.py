"""What reading a document suggests: marks in its text, and tasks, targets and relations that a person may choose.

Units are resolved as of the document's own day and near the unit that issued it, for "Phòng GD&ĐT" means another office
in another district and year. Nothing is decided here: every reading of a name is offered, the best first.

One idea a file: `marks` and `heads` (the text), `naming` (which unit), `roles` (who leads), `splitting` (two works in
one item), `likeness` (one work in two items), `earlier` (what is not new), `annex` (rows of a table), `figures`,
`citations`, `tasks`, and `reading`, which puts them together.
"""

from giaoban.desk.proposals.citations import CitationProposal
from giaoban.desk.proposals.figures import FigureProposal
from giaoban.desk.proposals.heads import Heading, heading
from giaoban.desk.proposals.marks import LETTERS, Mark, Piece, cut, sentence_around, words_of
from giaoban.desk.proposals.naming import OFFERED, SURE, Choice, Names, today, together
from giaoban.desk.proposals.reading import Flag, Reading, of
from giaoban.desk.proposals.roles import Question, Role
from giaoban.desk.proposals.splitting import Part
from giaoban.desk.proposals.tasks import TaskProposal, understood

__all__ = [
    "LETTERS",
    "OFFERED",
    "SURE",
    "Choice",
    "CitationProposal",
    "FigureProposal",
    "Flag",
    "Heading",
    "Mark",
    "Names",
    "Part",
    "Piece",
    "Question",
    "Reading",
    "Role",
    "TaskProposal",
    "cut",
    "heading",
    "of",
    "sentence_around",
    "today",
    "together",
    "understood",
    "words_of",
]
