"""The catalogue as text files: written so that a person can read them, read so that every fault is named at its line.

A file is TOML: `[[dimension]]`, `[[element]]`, `[[indicator]]` and `[[sheet]]`, in the words of the shipped catalogue;
a file of one sheet has the sheet's own fields at the top. A sheet may be written out (`line = […]`, as it is exported)
or in the short form of the shipped sheets (`[[section]]` with `each`). Lists also go through CSV, for Excel.

Taking in goes through the verbs of the room, in one transaction: a dry run does the same and takes it all back.
"""

from giaoban.indicators.texts.faults import (
    BadField,
    BadFile,
    FieldNeeded,
    FileTooLarge,
    NothingInFile,
    NotTaken,
    TextTwice,
    UnknownField,
)
from giaoban.indicators.texts.reading import LARGEST, Fault, Item, Read, read, together
from giaoban.indicators.texts.taking import (
    CHANGED,
    NEW,
    REFUSED,
    SAME,
    Difference,
    Outcome,
    Taken,
    differences,
    sheet_specs,
    take,
)
from giaoban.indicators.texts.writing import COLUMNS, sheet_toml, table, toml

__all__ = [
    "CHANGED",
    "COLUMNS",
    "LARGEST",
    "NEW",
    "REFUSED",
    "SAME",
    "BadField",
    "BadFile",
    "Difference",
    "Fault",
    "FieldNeeded",
    "FileTooLarge",
    "Item",
    "NotTaken",
    "NothingInFile",
    "Outcome",
    "Read",
    "Taken",
    "TextTwice",
    "UnknownField",
    "differences",
    "read",
    "sheet_specs",
    "sheet_toml",
    "table",
    "take",
    "together",
    "toml",
]
