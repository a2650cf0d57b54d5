"""What the names in a table mean near the unit that gives the tasks: all of them asked together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from giaoban.documents.naming import CLEAR, SURE
from giaoban.files import annex_names
from giaoban.orgs import queries as orgs
from giaoban.orgs.queries import Match

OFFERED = 5


@dataclass(frozen=True)
class Meant:
    """The units of one cell: in order, each once. `group` are its words where they mean many; `asked` is unclear."""

    units: tuple[int, ...] = ()
    group: str = ""
    asked: tuple[str, ...] = ()


class Names:
    """Every name of a file, understood at once. A piece is first taken whole, then parted by commas."""

    def __init__(self, cells: Iterable[str], on: date, near: int, reader: int | None = None) -> None:
        self.on = on
        wanted: dict[str, None] = {}
        for cell in dict.fromkeys(cells):
            for piece in annex_names.pieces(cell):
                wanted |= dict.fromkeys([piece, *annex_names.names(piece)])
        self._found: dict[str, list[Match]] = orgs.resolve_names(wanted, on, near=near, reader=reader) if wanted else {}

    def meant(self, cell: str) -> Meant:
        units: list[int] = []
        asked: list[str] = []
        groups: list[str] = []
        for piece in annex_names.pieces(cell):
            parts = [piece] if self.clear(piece) else annex_names.names(piece)
            for name in parts:
                match = self.clear(name)
                if match is None:
                    asked.append(name)
                    continue
                units += match.unit_ids
                if match.unit_id is None:
                    groups.append(name)
        several = len(annex_names.pieces(cell)) > 1 or len(groups) != 1
        return Meant(tuple(dict.fromkeys(units)), "" if several else groups[0], tuple(dict.fromkeys(asked)))

    def clear(self, name: str) -> Match | None:
        """The one reading of the name, None where nobody can be sure."""
        found = [match for match in self._found.get(name, ()) if match.unit_ids]
        if not found or found[0].score < SURE:
            return None
        best = found[0]
        rivals = [one for one in found[1:] if best.score - one.score < CLEAR and one.unit_ids != best.unit_ids]
        return None if rivals and best.unit_id is not None else best

    def offered(self, name: str) -> list[tuple[tuple[int, ...], str]]:
        """What an unclear name may mean, with where it is."""
        found = []
        for match in self._found.get(name, ())[:OFFERED]:
            if match.unit_id is not None:
                where = orgs.path_text(match.unit_id, self.on)
                found.append(((match.unit_id,), f"{orgs.body_name(match.unit_id, self.on)} ({where})"))
            elif match.unit_ids:
                found.append((match.unit_ids, f"{match.group or name}: {match.why}"))
        return found
