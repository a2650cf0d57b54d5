"""The steps of a decree as sentences, for a person who looks for the one that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Attribute, Hierarchy, Kind

Row = Mapping[str, Any]


class Sentences:
    """Words for the steps of a draft; names are read once."""

    def __init__(self, steps: Iterable[Row], on: date) -> None:
        self.steps = list(steps)
        units = {row["unit"] for row in self.steps if "unit" in row}
        units |= {row[name] for row in self.steps for name in ("parent", "successor") if isinstance(row.get(name), int)}
        self.names = orgs.names(units, on)
        self.founded = {row["key"]: row["name"] for row in self.steps if row["do"] == "establish"}
        self.kinds = dict(Kind.objects.values_list("code", "name"))
        self.hierarchies = dict(Hierarchy.objects.values_list("code", "name"))
        self.attributes = {one.code: one for one in Attribute.objects.all()}

    def of(self, row: Row) -> str:
        """One step."""
        said = {"unit": self._called(row.get("unit")), "name": row.get("name", ""), "share": row.get("share", "")}
        kind = self.kinds.get(row.get("kind", ""), row.get("kind", ""))
        words = {
            "establish": _("Establish %(name)s") % said,
            "rename": _("Rename %(unit)s to %(name)s") % said,
            "reclassify": _("%(unit)s becomes of the kind %(kind)s") % (said | {"kind": kind}),
            "recode": _("%(unit)s gets the code %(code)s") % (said | {"code": row.get("code") or "—"}),
            "move": self._moves(row, said),
            "mark": self._marked(row, said),
            "become": self._becomes(row, said),
            "close": _("%(unit)s is closed") % said,
            "reopen": _("%(unit)s is opened again") % said,
        }
        return words.get(row["do"], row["do"])

    def all(self) -> list[str]:
        return [self.of(row) for row in self.steps]

    def _called(self, place: int | str | None) -> str:
        if place is None:
            return "—"
        return self.names.get(place, f"#{place}") if isinstance(place, int) else self.founded.get(place, place)

    def _moves(self, row: Row, said: dict[str, Any]) -> str:
        if row["do"] != "move":
            return ""
        said = said | {"parent": self._called(row.get("parent")), "tree": self.hierarchies.get(row["hierarchy"], "")}
        if row.get("parent") is None:
            return _("%(unit)s leaves the hierarchy %(tree)s") % said
        return _("%(unit)s moves under %(parent)s (%(tree)s)") % said

    def _marked(self, row: Row, said: dict[str, Any]) -> str:
        if row["do"] != "mark":
            return ""
        one = self.attributes.get(row["attribute"])
        words = one.values.get(row["value"], "—") if one else row["value"]
        return _("%(unit)s: %(attribute)s %(value)s") % (
            said | {"attribute": one.name if one else row["attribute"], "value": words}
        )

    def _becomes(self, row: Row, said: dict[str, Any]) -> str:
        if row["do"] != "become":
            return ""
        said = said | {"new": self._called(row["successor"])}
        if row.get("share", "1") == "1":
            return _("%(unit)s becomes part of %(new)s") % said
        return _("%(share)s of %(unit)s goes to %(new)s") % said
