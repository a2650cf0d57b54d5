"""Where on the page we are: the headings and lead-ins that are open, whom they address, what they are about."""

from __future__ import annotations

from dataclasses import dataclass, field

from giaoban.reading import judging, layout, leads
from giaoban.reading.dates import Time
from giaoban.reading.layout import Block, Page
from giaoban.reading.lines import ARTICLE
from giaoban.reading.spans import Span

_CLOSED_TOPICS = (layout.RESULTS, layout.GOALS, layout.FRAME)


@dataclass(slots=True)
class Head:
    """A heading or a lead-in that is open."""

    level: float
    topic: str = ""
    names: list[Span] = field(default_factory=list)
    time: Time | None = None
    marked: bool = False
    partners: list[Span] = field(default_factory=list)
    work: bool = False


class Context:
    """The open headings, innermost last, and the lead-in that was last read in prose."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.reset()

    def reset(self) -> None:
        """Begin a new part of the page, as below the question of a web page."""
        self.stack: list[Head] = []
        self.lead: Head | None = None
        self.law = False  # standing law is being quoted
        self.aims = False  # the part answers a question about aims
        self.opening = True  # the next paragraph tells whether a document is passed on here
        self.conveys = self.page.genre == layout.ISSUED

    def close(self, level: float) -> None:
        """Leave the headings at this level and below."""
        while self.stack and self.stack[-1].level >= level:
            self.stack.pop()

    def in_results(self, level: float) -> bool:
        """Whether a heading of this level stands in a part about results."""
        return any(head.topic == layout.RESULTS for head in self.stack if head.level < level)

    def open_heading(self, block: Block, head: Head, law: bool) -> None:
        self.close(block.level)
        if self.lead is not None and block.level <= self.lead.level:
            self.lead = None
        if block.level < ARTICLE or block.shape.bold or block.shape.hashes:
            self.law = False  # a number alone may be a clause of the law that is quoted
        self.law = self.law or law
        self.stack.append(head)

    def open_lead(self, block: Block, head: Head) -> None:
        """A lead-in of an item reaches as deep as its item, one of prose as far as the heading it stands under."""
        if block.kind == layout.ITEM:
            self.stack.append(head)
        else:
            head.level = self.stack[-1].level if self.stack else -1.0
            self.lead = head

    def mode(self, block: Block) -> str:
        """How readily a passage of this block counts as an instruction."""
        topic = next((head.topic for head in reversed(self.stack) if head.topic), "")
        lead = self.lead
        if topic == layout.TALK:
            return judging.DEAF
        if self.aims or topic in _CLOSED_TOPICS or (lead is not None and lead.topic == layout.GOALS):
            return judging.CLOSED
        if topic == layout.WORK or (lead is not None and lead.work) or any(head.work for head in self.stack):
            return judging.ZONE
        if self.page.genre == layout.REPORT or leads.STATUTE.match(self.page.title):
            return judging.CLOSED
        if block.kind == layout.ITEM or (self.conveys and self.under_number(block)):
            return judging.ITEM
        if self.under_number(block):
            return judging.ISSUED
        return judging.ISSUED if self.conveys else judging.NEWS

    def under_number(self, block: Block) -> bool:
        """Whether a paragraph stands below a numbered or bulleted title."""
        return bool(self.stack) and self.stack[-1].marked and block.end - block.start < 2500

    @property
    def names(self) -> list[Span]:
        """Whom the innermost heading with names addresses."""
        return next((head.names for head in reversed(self.stack) if head.names), [])

    @property
    def partners(self) -> list[Span]:
        return next((head.partners for head in reversed(self.stack) if head.partners), [])

    @property
    def time(self) -> Time | None:
        return next((head.time for head in reversed(self.stack) if head.time is not None), None)

    @property
    def addressed(self) -> list[Span]:
        """Whom the lead-in addresses."""
        return self.lead.names if self.lead is not None else []
