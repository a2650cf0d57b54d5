"""What verbs on units refuse; the sentence is what the user reads (translated by the doors)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext

from giaoban.core.refusal import Refused, sentence


class UnitRefused(Refused):
    """A refusal about units; days in it are written day first."""

    def __init__(self, *, field: str | None = None, **params: Any) -> None:
        written = {key: f"{value:%d/%m/%Y}" if isinstance(value, date) else value for key, value in params.items()}
        super().__init__(field=field, **written)


class UnknownKind(UnitRefused):
    sentence = sentence("There is no kind of unit with the code “%(kind)s”.")
    field = "kind"


class UnknownHierarchy(UnitRefused):
    sentence = sentence("There is no hierarchy with the code “%(hierarchy)s”.")
    field = "hierarchy"


class UnknownParent(UnitRefused):
    sentence = sentence("The unit above, number %(parent)s, does not exist.")
    field = "parents"


class ParentNotThere(UnitRefused):
    sentence = sentence("“%(parent)s” does not exist on %(day)s.")
    field = "parents"


class ParentEnds(UnitRefused):
    sentence = sentence("“%(parent)s” exists only until %(day)s; what stands under it would be left hanging.")
    field = "parents"


class NotThere(UnitRefused):
    sentence = sentence("“%(unit)s” does not exist on %(day)s.")
    field = "on"


class Loop(UnitRefused):
    sentence = sentence("“%(parent)s” stands below “%(unit)s” itself; a unit cannot stand above itself.")
    field = "parents"


class AlreadyChanged(UnitRefused):
    sentence = sentence("“%(unit)s” already has a change of this sort that starts on %(day)s.")
    field = "on"


class StillHasChildren(UnitRefused):
    sentence = sentence(
        "“%(unit)s” still has %(count)s units below it, such as “%(example)s”; move or close them first."
    )
    field = "unit"


class EndsAlready(UnitRefused):
    sentence = sentence("“%(unit)s” already ends on %(day)s.")
    field = "on"


class EmptyName(UnitRefused):
    sentence = sentence("A unit needs a name.")
    field = "name"


class LongText(UnitRefused):
    sentence = sentence("“%(text)s…” is too long: at most %(most)s characters.")


class BadCode(UnitRefused):
    sentence = sentence("“%(code)s” is not a code of the scheme “%(scheme)s”: letters, digits, dots and dashes only.")
    field = "codes"


class UnknownScheme(UnitRefused):
    sentence = sentence("There is no scheme of codes called “%(scheme)s”.")
    field = "codes"


class CodeTaken(UnitRefused):
    sentence = sentence("The code %(code)s belongs to “%(holder)s” on %(day)s.")
    field = "codes"


class UnknownCode(UnitRefused):
    sentence = sentence("No unit has the code %(code)s on %(day)s.")
    field = "codes"


class NothingToMerge(UnitRefused):
    sentence = sentence("A merger needs at least two units that exist on the day.")
    field = "predecessors"


class NothingToDivide(UnitRefused):
    sentence = sentence("A division needs at least two parts.")
    field = "parts"


class BadShares(UnitRefused):
    sentence = sentence("The shares of the parts must sum to one; they sum to %(sum)s.")
    field = "parts"


class Spoken:
    """A fault inside a fault, translated only when it is shown."""

    def __init__(self, fault: Refused) -> None:
        self.fault = fault

    def __str__(self) -> str:
        text = gettext(self.fault.sentence)
        return text % self.fault.params if self.fault.params else text


class BadRow(Refused):
    """A fault of one row of a table, with what is wrong with it."""

    sentence = sentence("Row %(row)s, column %(column)s: %(what)s")

    def __init__(self, row: int, fault: Refused, column: str = "") -> None:
        self.row, self.fault = row, fault
        super().__init__(row=row, column=column or fault.field or "-", what=Spoken(fault), field=fault.field)


class MissingColumn(UnitRefused):
    sentence = sentence("The table has no column “%(column)s”.")
    field = "file"


class NotATable(UnitRefused):
    sentence = sentence("The file is not a UTF-8 CSV table.")
    field = "file"


class NotLoaded(UnitRefused):
    sentence = sentence("Kinds and hierarchies are not loaded yet: run “giaoban load_units”.")


class CatalogueFault(UnitRefused):
    sentence = sentence("The shipped units do not add up: %(what)s")
