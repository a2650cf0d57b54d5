"""A sentence that asks for work, and who, with whom, until when it may mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from giaoban.core.refusal import Refused
from giaoban.desk.proposals.marks import Mark
from giaoban.desk.proposals.naming import SURE, Choice
from giaoban.desk.proposals.roles import Question, Role
from giaoban.desk.proposals.splitting import Part, two_times
from giaoban.work import dues


@dataclass(frozen=True)
class TaskProposal:
    """One task that may be given. `leads` and `partners`: those of the first role, then what else a name may mean."""

    mark: Mark
    text: str
    assignees: tuple[str, ...]
    coordinators: tuple[str, ...]
    leads: tuple[Choice, ...]
    partners: tuple[Choice, ...]
    due_text: str
    due_on: date | None
    deliverable: str
    roles: tuple[Role, ...] = ()
    leader: str = ""
    """Who directs the work, as the text names them."""
    split: tuple[Part, ...] = ()
    """The works of this item, where it has two or more, or two dates."""
    same_as: int | None = None
    """The number of an earlier proposal that describes the same work for somebody else."""
    questions: tuple[Question, ...] = ()
    new: bool = True
    task_id: int | None = None
    """The task that was given from this passage before."""
    rejected: bool = False
    """Whether somebody said before that this is no task."""
    open: bool = False
    """Whether who leads can be meant in two ways."""
    passages: tuple[tuple[int, int], ...] = ()
    """Every passage that says this work; the first is the mark's."""
    why: str = ""

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        return self.passages or (self.mark.span,)

    @property
    def asks(self) -> str:
        """ "lead" when nobody leads, "unit" when a name has to be explained, "group" when it is open which; or ""."""
        kinds = [question.kind for question in self.questions]
        return next((said for kind, said in _SAID.items() if kind in kinds), "")

    @property
    def ask_name(self) -> str:
        """The name that a person's answer explains, to be remembered as another name of the unit."""
        return next((question.name for question in self.questions if question.name), "")

    @property
    def sure(self) -> bool:
        """Whether it can be accepted before anybody looked: new, one plain lead, one work, one meaning."""
        plain = bool(self.leads) and self.leads[0].score >= SURE
        one = self.same_as is None and not self.open and not two_times(self.split)
        return plain and one and self.new and not self._lead_asked

    @property
    def _lead_asked(self) -> bool:
        lead = {question.kind for question in self.questions if question.kind == "lead"}
        return bool(lead) or any(question.name in self.assignees for question in self.questions)


_SAID = {"lead": "lead", "name": "unit", "group": "group"}


def understood(due: str, day: date) -> bool:
    """Whether the words of a due time can be read by the room that keeps tasks."""
    try:
        dues.read(due, day)
    except Refused:
        return False
    return True
