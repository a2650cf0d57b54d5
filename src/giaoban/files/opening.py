"""Opens what people upload: TXT, HTML and DOCX become text, everything else gets a refusal that says what to do.

An uploaded file is not trusted. Plain text is decoded here; HTML and DOCX are taken apart in a process of their own
(`inside`), without network, with bounds on memory, processor time, unpacked size and ratio, and killed when it takes
too long. Files with macros are refused whatever they are called.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from giaoban.core.refusal import Refused, sentence

MEGABYTE = 2**20


@dataclass(frozen=True)
class Limits:
    """What one file may cost."""

    bytes: int = 10 * MEGABYTE
    unpacked: int = 60 * MEGABYTE
    ratio: int = 200
    entries: int = 2_000
    characters: int = 3_000_000
    seconds: int = 15
    memory: int = 768 * MEGABYTE


class NotOpened(Refused):
    """The file cannot be read."""

    field = "file"


class Empty(NotOpened):
    sentence = sentence("The file “%(name)s” is empty.")


class TooLarge(NotOpened):
    sentence = sentence("The file “%(name)s” is larger than %(most)s MB.")


class UnpacksTooLarge(NotOpened):
    sentence = sentence("The file “%(name)s” unpacks to far more than it shows and was not opened.")


class Pdf(NotOpened):
    sentence = sentence("“%(name)s” is a PDF, which cannot be read here; send the DOCX it was made from, or its text.")


class OldWord(NotOpened):
    sentence = sentence("“%(name)s” is an old Word file or has a password; save it as DOCX without password.")


class Macros(NotOpened):
    sentence = sentence("“%(name)s” carries macros and was not opened; save it as DOCX without macros.")


class NotADocument(NotOpened):
    sentence = sentence("“%(name)s” is not a TXT, HTML or DOCX file.")


class UnknownEncoding(NotOpened):
    sentence = sentence("The letters of “%(name)s” cannot be read; save it as UTF-8 text.")


class Damaged(NotOpened):
    sentence = sentence("“%(name)s” is damaged and cannot be read; save it again from its program.")


class TooSlow(NotOpened):
    sentence = sentence("“%(name)s” took longer than %(seconds)s seconds to read and was given up.")


class NoText(NotOpened):
    sentence = sentence("“%(name)s” holds no text; a scanned picture cannot be read here.")


KNOWN = {kind.__name__: kind for kind in (UnpacksTooLarge, Macros, NotADocument, UnknownEncoding, Damaged, NoText)}

PDF, ZIP, OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_SUFFIXES = (".docm", ".dotm", ".xlsm", ".pptm")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")


def text(name: str, content: bytes, limits: Limits = Limits()) -> str:
    """The text of an uploaded file. Plain text comes back letter for letter, so that places in it stay true."""
    if not content.strip():
        raise Empty(name=name)
    if len(content) > limits.bytes:
        raise TooLarge(name=name, most=limits.bytes // MEGABYTE)
    kind = _kind(name, content)
    if kind == "txt":
        found = decoded(name, content)
    else:
        found = str(taken_apart(kind, name, content, limits))
    if not found.strip():
        raise NoText(name=name)
    return found


def _kind(name: str, content: bytes) -> str:
    """What the file is, by its first bytes; the name only tells HTML from text."""
    suffix = PurePath(name).suffix.lower()
    if suffix in MACRO_SUFFIXES:
        raise Macros(name=name)
    head = content[:1024].lstrip()
    if head.startswith(PDF):
        raise Pdf(name=name)
    if content.startswith(OLE):
        raise OldWord(name=name)
    if content.startswith(ZIP):
        return "docx"
    if suffix in HTML_SUFFIXES or head[:200].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    if suffix in (".docx", ".dotx"):
        raise Damaged(name=name)
    return "txt"


def decoded(name: str, content: bytes) -> str:
    """Text of bytes: UTF-8, UTF-16 (with or without its mark), else the Vietnamese Windows page 1258."""
    for guess in _guesses(content):
        try:
            found = content.decode(guess)
        except UnicodeDecodeError:
            continue
        if _is_text(found):
            return found
    raise UnknownEncoding(name=name) if b"\0" not in content else NotADocument(name=name)


def _guesses(content: bytes) -> list[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16"]
    zeros = content[:4096]
    if zeros.count(0) * 4 > len(zeros):  # text of 16 bits without its mark: every other byte of it is mostly nought
        return ["utf-16-le" if zeros[1::2].count(0) > zeros[::2].count(0) else "utf-16-be"]
    return ["utf-8", "cp1258"]


def _is_text(found: str) -> bool:
    """Hardly any control characters: a picture decodes in some pages, but not into text."""
    controls = sum(letter < " " and letter not in "\t\n\r\f\v" for letter in found)
    return "\0" not in found and controls * 200 <= len(found)


def taken_apart(kind: str, name: str, content: bytes, limits: Limits) -> Any:
    """Text of a DOCX or a page, rows of an XLSX: a process of its own takes it apart; what happens there ends there."""
    order = json.dumps({"kind": kind, **vars(limits)})
    command = [sys.executable, "-I", "-m", "giaoban.files.inside", order]
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module
            command, input=content, capture_output=True, timeout=limits.seconds + 5, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        raise TooSlow(name=name, seconds=limits.seconds) from None
    return _said(done, name, limits)


def _said(done: subprocess.CompletedProcess[bytes], name: str, limits: Limits) -> Any:
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        if done.returncode < 0:  # killed by a limit of its own
            raise TooSlow(name=name, seconds=limits.seconds) from None
        raise Damaged(name=name) from None
    if "found" in answer:
        return answer["found"]
    raise KNOWN.get(str(answer.get("refused")), Damaged)(name=name)
