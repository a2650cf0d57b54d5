"""What is wrong with a returned workbook: of the file, of a page, of a row, of a cell. Each names what to do."""

from __future__ import annotations

from typing import Any

from giaoban.core.refusal import Refused, sentence
from giaoban.files import opening, returned
from giaoban.indicators import refusals as figures


class NotOurs(Refused):
    sentence = sentence("“%(name)s” was not made here. Download the workbook of the report, or take it in as a table.")


class Harmed(Refused):
    sentence = sentence(
        "The hidden part of “%(name)s” was changed. Download the workbook again and copy the figures in."
    )


class NoPages(Refused):
    sentence = sentence("No page to fill in is left in “%(name)s”. Download the workbook again.")


class PageMissing(Refused):
    sentence = sentence("The page “%(tab)s” was deleted; its report stays as it is.")


class PageTwice(Refused):
    sentence = sentence("Two pages are for the same report: “%(first)s” and this one. Delete one of them.")


class PageBroken(Refused):
    sentence = sentence("The hidden row or column of this page was deleted. Download the workbook again.")


class ReportUnknown(Refused):
    sentence = sentence("This page is for a report you may not see or that is no longer asked (number %(report)s).")


class NotYours(Refused):
    sentence = sentence("You have no right to enter figures for “%(unit)s”.")


class UnknownRow(Refused):
    sentence = sentence(
        "This row is not asked by the report (key “%(key)s”). Delete it, or download the workbook again."
    )


class RowTwice(Refused):
    sentence = sentence("“%(cell)s” stands here a second time (first in row %(first)s). Delete one of the two rows.")


class RowMissing(Refused):
    sentence = sentence("The row “%(cell)s” was deleted. Put it back, or download the workbook again.")


class StrayNumber(Refused):
    sentence = sentence("A number stands in a row that does not belong to the form; it is not read.")


class ErrorInCell(Refused):
    sentence = sentence("%(cell)s: the formula gives the error %(text)s.")


class NoResult(Refused):
    sentence = sentence("%(cell)s: the formula has no result. Open the file in Excel, save it, and hand it up again.")


class MergedCell(Refused):
    sentence = sentence("%(cell)s: the cell is merged with another one. Split the cells and enter the figure.")


class NotANumber(Refused):
    sentence = sentence("%(cell)s: a day or a true/false stands here; a number is needed.")


class NoteTooLong(Refused):
    sentence = sentence("%(cell)s: the explanation is longer than %(most)s characters.")


class HiddenRow(Refused):
    """A look, no fault."""

    sentence = sentence("%(cell)s: this row is hidden; its figure is read all the same.")


class RuleNotKept(Refused):
    """A look: what the form would ask when the report is handed in."""

    sentence = sentence("%(rule)s")


class Unusual(Refused):
    """A look: a value far from earlier periods or from similar units, as the entry page says it."""

    sentence = sentence("%(why)s")


class WordsAsked(Refused):
    """The same, where the sheet asks for words."""

    sentence = sentence("%(why)s Explain it in the column “Giải trình” before the report is handed in.")


# Handing up


class NothingToHandUp(Refused):
    sentence = sentence("Choose a workbook (.xlsx) or a ZIP of workbooks.")
    field = "file"


class NotReadYet(Refused):
    sentence = sentence("The file is still being read.")


class NothingToWrite(Refused):
    sentence = sentence("There is nothing new to write.")


class AlreadyWritten(Refused):
    sentence = sentence("This file has been written already.")


class SourceMissing(Refused):
    sentence = sentence("Some pages are for units below you: say where their figures come from.")
    field = "source"


class FileGone(Refused):
    sentence = sentence("The file “%(name)s” is not kept any more; hand it up again.")


class NothingToMark(Refused):
    sentence = sentence("No workbook that can be opened has a fault.")


class NoReports(Refused):
    sentence = sentence("This round asks you for nothing that could be filled in.")


KINDS: dict[str, type[Refused]] = {
    kind.__name__: kind
    for kind in (
        NotOurs, Harmed, NoPages, PageMissing, PageTwice, PageBroken, ReportUnknown, NotYours, UnknownRow, RowTwice,
        RowMissing, StrayNumber, ErrorInCell, NoResult, MergedCell, NotANumber, NoteTooLong, HiddenRow, RuleNotKept,
        Unusual, WordsAsked,
        figures.BadCellNumber, figures.TooManyDecimals, figures.NotWholeNumber, figures.NegativeNumber,
        figures.NumberTooLarge, figures.NotOpenYet, figures.Locked, figures.ChangedMeanwhile,
        returned.NotAWorkbook, returned.OldExcel, returned.NestedZip, returned.TooMany, returned.Macros,
        returned.UploadTooLarge, opening.UnpacksTooLarge, opening.Damaged, opening.TooLarge, opening.TooSlow,
        opening.Empty,
    )
}  # fmt: skip
"""Refusals are kept with an upload by name, and said in the reader's language when they are shown."""


def kept(refused: Refused, at: str = "", label: str = "") -> dict[str, Any]:
    return {"kind": type(refused).__name__, "params": refused.params, "at": at, "label": label}


def again(row: dict[str, Any]) -> Refused:
    return KINDS[row["kind"]](**row["params"])
