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


class LoopLater(Loop):
    sentence = sentence(
        "From %(day)s “%(parent)s” would stand below “%(unit)s” itself, by what is planned for then; "
        "a unit cannot stand above itself."
    )


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


class EndsInDecree(UnitRefused):
    sentence = sentence("“%(unit)s” ends by this decree, so nothing else can be decided on it.")
    field = "unit"


class ExistsAlready(UnitRefused):
    sentence = sentence("“%(unit)s” exists on %(day)s; only a closed unit can be opened again.")
    field = "unit"


class ExistsAgain(UnitRefused):
    sentence = sentence("“%(unit)s” is to exist again from %(day)s already.")
    field = "on"


class WentOn(UnitRefused):
    sentence = sentence("“%(unit)s” became “%(successor)s”; undo that change, or found a new unit.")
    field = "unit"


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


class NoSharesTogether(UnitRefused):
    sentence = sentence("“%(unit)s” was not divided, so it has no shares to declare.")
    field = "unit"


class OtherParts(UnitRefused):
    sentence = sentence("“%(unit)s” was divided into other parts; give one share for each of these: %(parts)s.")
    field = "parts"


class ShareTooFine(UnitRefused):
    sentence = sentence("The share %(share)s is written with too many digits; use smaller numbers.")
    field = "parts"


class UnknownBasis(UnitRefused):
    sentence = sentence("There is no basis of shares called “%(basis)s”.")
    field = "basis"


class UnknownKey(UnitRefused):
    sentence = sentence("The decree founds no unit called “%(key)s”.")
    field = "successor"


class KeyTwice(UnitRefused):
    sentence = sentence("The decree founds two units called “%(key)s”; give one of them another key.")
    field = "key"


class UnknownAttribute(UnitRefused):
    sentence = sentence("There is no attribute with the code “%(attribute)s”.")
    field = "attribute"


class UnknownValue(UnitRefused):
    sentence = sentence("“%(value)s” is not a value of “%(attribute)s”; it may be: %(known)s.")
    field = "value"


class NothingAsked(UnitRefused):
    sentence = sentence("The decree has no steps.")
    field = "steps"


class HierarchyThere(UnitRefused):
    sentence = sentence("There is a hierarchy with the code “%(hierarchy)s” already: %(name)s.")
    field = "code"


class BadHierarchyCode(UnitRefused):
    sentence = sentence("“%(code)s” is not a code of a hierarchy: 2 to 20 capital letters, digits and underscores.")
    field = "code"


class UnknownChange(UnitRefused):
    sentence = sentence("There is no change with the number %(change)s.")
    field = "change"


class UndoneAlready(UnitRefused):
    sentence = sentence("This change was undone on %(day)s already.")
    field = "change"


class WhyMissing(UnitRefused):
    sentence = sentence("Say why the change is undone.")
    field = "why"


class RestsOnIt(UnitRefused):
    sentence = sentence("“%(unit)s” was changed again after this: %(change)s. Undo that first.")
    field = "change"


class WouldHang(UnitRefused):
    sentence = sentence("Without this change “%(unit)s” would stand under “%(parent)s”, which does not exist then.")
    field = "change"


class CodeInUse(UnitRefused):
    sentence = sentence("Without this change “%(unit)s” would bear the code %(code)s, which “%(holder)s” has now.")
    field = "change"


class PlacedAlready(UnitRefused):
    sentence = sentence("“%(unit)s” does not wait for a place in this hierarchy.")
    field = "unit"


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


class UnknownColumn(UnitRefused):
    sentence = sentence("The table has a column “%(column)s” that is not known here.")
    field = "file"


class EmptyCell(UnitRefused):
    sentence = sentence("“%(verb)s” needs something in this column.")


class UnknownVerb(UnitRefused):
    sentence = sentence("“%(verb)s” is none of the works of a decree: %(known)s.")
    field = "verb"


class UnknownUnitWritten(UnitRefused):
    sentence = sentence("No unit is written “%(text)s” on %(day)s; give its code.")
    field = "unit"


class SeveralUnits(UnitRefused):
    sentence = sentence("%(count)s units are written “%(text)s” on %(day)s; give the code, or add where it lies.")
    field = "unit"


class BadShare(UnitRefused):
    sentence = sentence("“%(share)s” is not a share; write 1/2, 40%% or 0,4.")
    field = "share"


class NotATable(UnitRefused):
    sentence = sentence("The file is not a UTF-8 CSV table.")
    field = "file"


class NotLoaded(UnitRefused):
    sentence = sentence("Kinds and hierarchies are not loaded yet: run “giaoban load_units”.")


class CatalogueFault(UnitRefused):
    sentence = sentence("The shipped units do not add up: %(what)s")


class NoName(UnitRefused):
    sentence = sentence("“%(name)s” is no name that could be remembered for a unit.")
    field = "name"


class NoReason(UnitRefused):
    sentence = sentence("Write the reason for withdrawing the name.")
    field = "reason"
