"""Opens what people upload: TXT, HTML, DOCX, PDF, scans and XLSX become text, all else gets a refusal that says why.

An uploaded file is not trusted. Plain text is decoded here; everything else is taken apart in a process of its own
(`inside`), without network, with bounds on memory, processor time, unpacked size and ratio, and killed when it takes
too long. Nothing a file carries is run. What bears a secrecy mark is refused, whatever it is.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from giaoban.core.refusal import Refused, sentence
from giaoban.files import lettering, secrecy
from giaoban.files.annexes import AnnexRow, Cell
from giaoban.files.laying import TURNED

MEGABYTE = 2**20
TESSERACT = ("/usr/bin/tesseract", "/usr/local/bin/tesseract")


@dataclass(frozen=True)
class Limits:
    """What one file may cost."""

    bytes: int = 10 * MEGABYTE
    unpacked: int = 60 * MEGABYTE
    ratio: int = 200
    entries: int = 2_000
    characters: int = 2_000_000
    seconds: int = 15
    memory: int = 768 * MEGABYTE
    pages: int = 500
    scanned: int = 3
    """Pages of pictures that are read while somebody waits."""
    page_seconds: int = 60
    pixels: int = 50_000_000


USUAL = Limits()
PATIENT = Limits(scanned=60)
"""For work in the background and on the command line: a scan takes some seconds a page."""
QUICK = Limits(scanned=1)


@dataclass(frozen=True)
class Opened:
    """The text of a file, and what is known of how it came to be."""

    text: str
    kind: str
    """txt, html, docx, pdf, scan or xlsx."""
    pages: int | None = None
    rows: list[AnnexRow] | None = None
    """The pieces of work of assignment annexes; None where there is no such table."""
    notes: list[str] = field(default_factory=list)
    """Message ids without places: what a reader should know, such as that pages were read from pictures."""


class NotOpened(Refused):
    """The file cannot be read."""

    field = "file"


class Empty(NotOpened):
    sentence = sentence("The file “%(name)s” is empty.")


class TooLarge(NotOpened):
    sentence = sentence("The file “%(name)s” is larger than %(most)s MB.")


class TooManyPages(NotOpened):
    sentence = sentence("“%(name)s” has %(pages)s pages; at most %(most)s are read. Hand it up in parts.")


class TooLong(NotOpened):
    sentence = sentence("“%(name)s” has more than %(most)s characters, which no administrative document has.")


class UnpacksTooLarge(NotOpened):
    sentence = sentence("The file “%(name)s” unpacks to far more than it shows and was not opened.")


class TooManyDots(NotOpened):
    sentence = sentence("The picture “%(name)s” has too many dots and was not opened; scan it at 300 dpi.")


class NotATable(NotOpened):
    sentence = sentence("“%(name)s” is neither a workbook nor a Word file; save the table as XLSX or DOCX.")


class OldOffice(NotOpened):
    sentence = sentence(
        "“%(name)s” is an old Word or Excel file or has a password; save it as DOCX or XLSX without a password."
    )


class Locked(NotOpened):
    sentence = sentence("“%(name)s” is locked with a password; save it without one.")


class Macros(NotOpened):
    sentence = sentence("“%(name)s” carries macros and was not opened; save it as DOCX or XLSX without macros.")


class NotADocument(NotOpened):
    sentence = sentence("“%(name)s” is not a TXT, HTML, DOCX, PDF or XLSX file, nor a PNG, JPEG or TIFF picture.")


class UnknownEncoding(NotOpened):
    sentence = sentence("The letters of “%(name)s” cannot be read; save it as UTF-8 text.")


class Damaged(NotOpened):
    sentence = sentence("“%(name)s” is damaged and cannot be read; save it again from its program.")


class TooSlow(NotOpened):
    sentence = sentence("“%(name)s” took longer than %(seconds)s seconds to read and was given up.")


class NoText(NotOpened):
    sentence = sentence("“%(name)s” holds no text that can be read.")


class NoScanReader(NotOpened):
    sentence = sentence(
        "“%(name)s” is a scan, and this server cannot read scans: the Debian packages tesseract-ocr and "
        "tesseract-ocr-vie are not installed. Hand up the DOCX it was made from, or paste its text."
    )


class LongScan(NotOpened):
    """Its first page was read, and bears no mark of secrecy: it may be kept until the rest is read."""

    sentence = sentence("“%(name)s” is a scan of %(pages)s pages; at most %(most)s are read while you wait.")


class Marked(NotOpened):
    sentence = sentence(
        "“%(name)s” is marked “%(mark)s”. Documents with a secrecy mark may not be read or kept in this system."
    )


KNOWN = {
    kind.__name__: kind
    for kind in (
        UnpacksTooLarge, TooManyDots, TooManyPages, Macros, Locked, NotADocument, UnknownEncoding, Damaged, NoText,
    )
}  # fmt: skip

FROM_PICTURES = sentence("The text was read from pictures of pages: hold figures, names and days against the paper.")
UNSURE = sentence(
    "Much of the picture could not be read for certain; a scan at 300 dpi, straight and in black, reads better."
)

PDF, ZIP, OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
MACRO_SUFFIXES = (".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
SUFFIXES = (".txt", *HTML_SUFFIXES, ".docx", ".pdf", ".xlsx", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
"""What files that can be read are usually called."""

Progress = Callable[[int, int], object]


def text(name: str, content: bytes, limits: Limits = Limits()) -> str:
    """The text of an uploaded file. Plain text comes back letter for letter, so that places in it stay true."""
    return opened(name, content, limits).text


def opened(name: str, content: bytes, limits: Limits = Limits(), progress: Progress | None = None) -> Opened:
    """The text of an uploaded file with what else it tells; `progress` hears of pages read out of all, in a scan."""
    if not content.strip():
        raise Empty(name=name)
    if len(content) > limits.bytes:
        raise TooLarge(name=name, most=limits.bytes // MEGABYTE)
    kind = _kind(name, content)
    if kind == "txt":
        return _plain(name, content, limits)
    if kind == "scan":
        return _scanned(name, content, limits, progress)
    found = taken_apart(kind, name, content, limits)
    if "sheets" in found:
        return _scanned(name, content, limits, progress, found)
    return _opened(name, kind, found)


def tables(name: str, content: bytes, limits: Limits = Limits()) -> list[tuple[str, list[list[Cell]]]]:
    """The tables of an XLSX or DOCX file, each with the name of its worksheet; all that refuses a file does so here."""
    if not content.strip():
        raise Empty(name=name)
    if len(content) > limits.bytes:
        raise TooLarge(name=name, most=limits.bytes // MEGABYTE)
    kind = _kind(name, content)
    if kind not in ("xlsx", "docx"):
        raise NotATable(name=name)
    found = taken_apart(kind, name, content, limits, grids=True)
    _opened(name, kind, found)
    if len(found["text"]) >= limits.characters:
        raise TooLong(name=name, most=limits.characters)
    return [(tab, [[Cell(*cell) for cell in row] for row in rows]) for tab, rows in found["tables"]]


def _scanned(
    name: str, content: bytes, limits: Limits, progress: Progress | None, read: Mapping[str, Any] | None = None
) -> Opened:
    """Pages that are pictures, each read in a process of its own; `read` holds those that had text."""
    more = {"tesseract": _tesseract(name)}
    sheets: list[Any] = list(read["sheets"]) if read else [None]
    missing = [number for number, sheet in enumerate(sheets) if sheet is None]
    stamps: list[str] = []
    sure: list[float] = []
    done = 0
    while done < len(missing):
        found = taken_apart("scan", name, content, limits, page=missing[done], **more)
        if not read and not done:  # a picture says only now how many pages it has
            sheets += [None] * (found["of"] - 1)
            missing = list(range(found["of"]))
        sheets[missing[done]] = found["sheet"]
        stamps.append(found["stamps"])
        sure.append(found["sure"])
        done += 1
        if done == 1:
            _refuse_marked(name, found, stamps, limits)
            if len(missing) > limits.scanned:
                raise LongScan(name=name, pages=len(missing), most=limits.scanned)
        if progress:
            progress(done, len(missing))
    laid = taken_apart("paper", name, json.dumps(sheets).encode(), limits)
    laid["notes"] += [*(read or {}).get("notes", ()), FROM_PICTURES, *([UNSURE] if min(sure) < 75 else [])]
    return _opened(name, "scan" if not read or len(missing) == len(sheets) else "pdf", laid)


def _refuse_marked(name: str, found: Mapping[str, Any], stamps: list[str], limits: Limits) -> None:
    """The first page says whether the rest may be read at all."""
    first = taken_apart("paper", name, json.dumps([found["sheet"]]).encode(), limits)
    for text_ in ("\n".join(stamps), first["text"]):
        mark = first["secrecy"] or secrecy.mark(text_, scanned=True)
        if mark:
            raise Marked(name=name, mark=mark)


def _tesseract(name: str) -> str:
    found = next((path for path in TESSERACT if reads_vietnamese(path)), None)
    if found is None:
        raise NoScanReader(name=name)
    return found


@lru_cache
def reads_vietnamese(path: str) -> bool:
    """Whether Tesseract is there with its Vietnamese data. Asked once: install both, then start the service again."""
    if not os.access(path, os.X_OK):
        return False
    done = subprocess.run([path, "--list-langs"], capture_output=True, check=False, env={})  # noqa: S603  # a path of ours
    return b"vie" in done.stdout.split() + done.stderr.split()


def _kind(name: str, content: bytes) -> str:
    """What the file is, by its first bytes; the name only tells HTML from text."""
    suffix = PurePath(name).suffix.lower()
    if suffix in MACRO_SUFFIXES:
        raise Macros(name=name)
    head = content[:1024].lstrip()
    if content.startswith(OLE):
        raise OldOffice(name=name)
    if content.startswith(ZIP):
        return "xlsx" if b"xl/workbook.xml" in content[-65_536:] or suffix in (".xlsx", ".xltx") else "docx"
    if content.startswith(PICTURES):
        return "scan"
    if PDF in head:
        return "pdf"
    if suffix in HTML_SUFFIXES or head[:200].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    if suffix in (".docx", ".dotx", ".xlsx", ".xltx", ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"):
        raise Damaged(name=name)
    return "txt"


def _plain(name: str, content: bytes, limits: Limits) -> Opened:
    found = decoded(name, content)
    if len(found) > limits.characters:
        raise TooLong(name=name, most=limits.characters)
    right, lettering_ = lettering.put_right(found)
    notes = [TURNED[lettering_]] if lettering_ else []
    return _opened(name, "txt", {"text": right if lettering_ else found, "notes": notes})


def _opened(name: str, kind: str, found: Mapping[str, Any]) -> Opened:
    """What was found, unless it bears a mark of secrecy or says nothing."""
    said = str(found["text"])
    mark = found.get("secrecy") or secrecy.mark(said, scanned=kind == "scan")
    if mark:
        raise Marked(name=name, mark=mark)
    if not said.strip():
        raise NoText(name=name)
    rows = found.get("rows")
    return Opened(
        text=said,
        kind=kind,
        pages=found.get("pages"),
        rows=None if rows is None else [AnnexRow(**row) for row in rows],
        notes=list(found.get("notes", ())),
    )


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


def taken_apart(kind: str, name: str, content: bytes, limits: Limits, **more: Any) -> Any:
    """What a file holds: a process of its own takes it apart; what happens there ends there."""
    order = json.dumps({**vars(limits), **more, "kind": kind})
    seconds, wait = (limits.page_seconds, 3) if kind == "scan" else (limits.seconds, 1)
    command = [sys.executable, "-I", "-m", "giaoban.files.inside", order]
    process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"OMP_THREAD_LIMIT": "1"},
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(content, timeout=seconds * wait + 5)
    except subprocess.TimeoutExpired:
        raise TooSlow(name=name, seconds=seconds) from None
    finally:
        _end(process)
    return _said(said, process.returncode, name, seconds)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process and whatever it started; its group is its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _said(said: bytes, code: int, name: str, seconds: int) -> Any:
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError:
        if code < 0:  # killed by a limit of its own
            raise TooSlow(name=name, seconds=seconds) from None
        raise Damaged(name=name) from None
    if "found" in answer:
        return answer["found"]
    raise KNOWN.get(str(answer.get("refused")), Damaged)(**{**answer.get("params", {}), "name": name})
