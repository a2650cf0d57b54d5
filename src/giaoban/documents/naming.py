"""Units as people type them into a form: by a name offered, or by any name the tree knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from giaoban.core.text import fold
from giaoban.orgs import queries as orgs

SURE = 60  # a reading of `orgs.resolve_name` below this is only a guess
CLEAR = 5  # how much better the best reading must be than the next
OFFERED = 5


@dataclass(frozen=True)
class Named:
    """What one typed name means: one unit, or a group with its words."""

    text: str
    unit_ids: tuple[int, ...]
    group: bool = False
    note: str = ""  # what follows the name after a colon


@dataclass
class Circle:
    """Whose names come first: the day, the unit near which names are read, and the names offered in the form."""

    on: date
    near: int | None
    offered: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def read(self, text: str) -> Named:
        """One typed name; ValidationError quotes it and offers what it may mean."""
        words = " ".join(text.split())
        for name, ids in self.offered.items():
            if fold(name) == fold(words):
                return Named(re.sub(r" \(\d+\)$", "", name), tuple(ids), group=len(ids) > 1)
        found = [match for match in orgs.resolve_name(words, self.on, self.near) if match.unit_ids]
        if not found or found[0].score < SURE:
            raise ValidationError(_("No unit is called “%(text)s”.") % {"text": words})
        best = found[0]
        if best.unit_id is None:
            return Named(words, best.unit_ids, group=True)
        rivals = [each for each in found[1:] if best.score - each.score < CLEAR and each.unit_ids != best.unit_ids]
        if rivals:
            raise ValidationError(
                _("“%(text)s” may be several units: %(names)s. Write the name in full.")
                % {"text": words, "names": self._names([best, *rivals[: OFFERED - 1]])}
            )
        return Named(orgs.body_name(best.unit_id, self.on), (best.unit_id,))

    def _names(self, matches: Iterable[Any]) -> str:
        one = [match.unit_id for match in matches if match.unit_id is not None]
        return "; ".join(f"{orgs.body_name(each, self.on)} ({orgs.path_text(each, self.on)})" for each in one)


def below(unit_id: int, on: date, limit: int = 400) -> dict[str, tuple[int, ...]]:
    """Names to offer: the unit, each kind of units it directs or guides as a group, and the first of them by name."""
    under = [orgs.descendants(unit_id, hierarchy, on) for hierarchy in (orgs.MANAGEMENT, orgs.PROFESSIONAL, orgs.PARTY)]
    wanted = Q(unit_id__in=under[0]) | Q(unit_id__in=under[1]) | Q(unit_id__in=under[2])
    rows = list(orgs.living(on).filter(wanted).select_related("kind").order_by("kind__order", "fold"))
    kinds: dict[str, list[int]] = {}
    for row in rows:
        kinds.setdefault(row.kind.name, []).append(row.unit_id)
    groups = {_group(kind, len(units)): tuple(units) for kind, units in kinds.items() if len(units) > 1}
    schools = tuple(row.unit_id for row in rows if row.kind.family == "school")
    if len(schools) > 1:
        groups = {f"Các trường học ({len(schools)})": schools, **groups}
    named = Counter(row.body_name or row.name for row in rows)
    offered: dict[str, tuple[int, ...]] = {}
    for row in rows[:limit]:
        name = row.body_name or row.name
        full = f"{name} ({orgs.path_text(row.unit_id, on)})" if named[name] > 1 else name  # two of that name: say where
        offered.setdefault(full, (row.unit_id,))
    return {orgs.body_name(unit_id, on): (unit_id,), **groups, **offered}


def _group(kind: str, count: int) -> str:
    return f"Các {kind[0].lower()}{kind[1:]} ({count})"


class UnitsField(forms.CharField):
    """Names of units, parted by ";" or on lines of their own; cleans to a list of `Named`. Give it its `circle`."""

    def __init__(self, *, many: bool = False, datalist: str = "units", **kwargs: Any) -> None:
        attrs = {
            "list": datalist,
            "autocomplete": "off",
            "data-units": "many" if many else "one",
            "data-remove": gettext_lazy("Remove"),
        }
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**kwargs)
        self.many = many
        self.circle: Circle | None = None

    def clean(self, value: Any) -> list[Named]:
        text = super().clean(value)
        if self.circle is None:
            raise TypeError("a UnitsField needs its circle before it cleans")
        parts = [part.strip() for part in re.split(r"[;\n]", text or "") if part.strip()]
        if len(parts) > 1 and not self.many:
            raise ValidationError(_("Name one unit only."))
        return [self._read(part) for part in parts]

    def _read(self, part: str) -> Named:
        assert self.circle is not None
        name, colon, note = part.partition(":")
        if not (self.many and colon):
            return self.circle.read(part)
        return replace(self.circle.read(name), note=note.strip())


def ids(named: Iterable[Named]) -> tuple[int, ...]:
    """All units meant, each once."""
    return tuple(dict.fromkeys(unit_id for each in named for unit_id in each.unit_ids))
