"""Files kept by their content: named by its SHA-256, written once, found again by that name.

The root is the caller's (a folder under MEDIA_ROOT), since this house knows no settings. A file is written beside its
place and moved there, so that a crash leaves no half; the same content twice is one file.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path


class Changed(OSError):
    """The kept file is missing, or is no longer what was kept."""


def keep(root: Path, content: bytes) -> str:
    """Keep the content; its name from now on. What was kept already counts as kept anew: `remove` spares it."""
    name = hashlib.sha256(content).hexdigest()
    target = path_of(root, name)
    if _holds(target, len(content)):
        with suppress(FileNotFoundError):
            os.utime(target)
    if not _holds(target, len(content)):
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=target.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    return name


def path_of(root: Path, name: str) -> Path:
    """Where the content of that name lies; only a SHA-256 is a name."""
    if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
        raise ValueError(f"no name of a kept file: {name!r}")
    return root / name[:2] / name


def content(root: Path, name: str) -> bytes:
    """The bytes kept under a name; `Changed` when they are not what was kept."""
    path = path_of(root, name)
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        raise Changed(name) from None
    if hashlib.sha256(found).hexdigest() != name:
        raise Changed(name)
    return found


def remove(root: Path, *, before: datetime, needed: Collection[str]) -> int:
    """Remove what was kept last before the moment and is not needed, halves of a crash too; how many files went."""
    gone = 0
    for path in root.glob("??/*"):
        if path.name in needed or not path.is_file():
            continue
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
                gone += 1
    return gone


def _holds(path: Path, size: int) -> bool:
    """A file of the right size is there: a torn one of another time is written anew."""
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False
