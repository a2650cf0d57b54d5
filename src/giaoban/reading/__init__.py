"""Reading: the text of a document becomes marks that a person confirms.

Marks: the meeting, documents cited, figures, tasks with who and when, contradictions. Plain Python, deterministic, no
network. One idea a file: `view` (one text for all rules, and the way back to the original), `lines` (which printed
lines belong together), `layout` (the parts of a page), `clauses` and `wording` (sentences and words), `dates`, `units`
(names of organisations), `people`, `orders` and `phrasing` (the grammar of an instruction); then what is looked for:
`citations`, `figures` (`percentages`, `counts`, `quantities`), `meetings`, `tasks` (`context`, `leads`, `judging`,
`roles`, `due`) and `flags`. `reader` puts them together; `marks` says what comes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from giaoban.reading.marks import Mark, Reading

LARGEST = 2_000_000  # characters; a longer text is no administrative document


class TooLarge(ValueError):
    """The text is longer than any document this reader is made for."""


def read(text: str) -> dict[str, Any]:
    """Everything a document says, as a plain object: meeting, citations, figures, tasks, flags and people."""
    from giaoban.reading import reader

    return reader.as_json(reading(text))


def reading(text: str) -> Reading:
    """The same as frozen dataclasses."""
    from giaoban.reading import reader

    if len(text) > LARGEST:
        raise TooLarge(f"Văn bản dài {len(text):,} ký tự; chỉ đọc đến {LARGEST:,} ký tự.".replace(",", "."))
    return reader.read_marks(text)


def marks(text: str) -> list[Mark]:
    """Every mark of a document in the order of the page, for showing it with its marks."""
    from giaoban.reading import reader

    return reader.in_order(reading(text))
