"""What is wrong with a file of the catalogue."""

from __future__ import annotations

from giaoban.core.refusal import Refused, sentence


class BadFile(Refused):
    sentence = sentence("The file cannot be read as a catalogue: %(why)s.")
    field = "file"


class FileTooLarge(Refused):
    sentence = sentence("The file is larger than %(most)s MB.")
    field = "file"


class NothingInFile(Refused):
    sentence = sentence("The file has no dimension, element, indicator or sheet.")
    field = "file"


class UnknownField(Refused):
    sentence = sentence("“%(name)s” is not a field of this kind of text.")


class FieldNeeded(Refused):
    sentence = sentence("The field “%(name)s” is missing.")


class BadField(Refused):
    sentence = sentence("The field “%(name)s” cannot be “%(value)s”.")


class TextTwice(Refused):
    sentence = sentence("“%(code)s” stands twice in the file; it first stands in line %(line)s.")


class NotTaken(Refused):
    sentence = sentence("The file has %(n)s faults; nothing was taken in.")
    field = "file"
