"""Where files lie: under MEDIA_ROOT by the SHA-256 of their content, kept once and provably whole."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings

from giaoban.core.refusal import Refused, sentence

LARGEST = 10 * 2**20


class FileTooLarge(Refused):
    """Larger than what a register keeps."""

    sentence = sentence("The file “%(name)s” is larger than 10 MB; keep it elsewhere and register its text.")
    field = "file"


class FileChanged(Refused):
    """The kept file is missing or no longer has the hash it was kept under."""

    sentence = sentence("The file “%(name)s” is missing or was changed on the server; it is not served.")


def keep(name: str, content: bytes) -> str:
    """Keep the content and return its hash; written beside and moved into place, so that a crash leaves no half."""
    if len(content) > LARGEST:
        raise FileTooLarge(name=name)
    digest = hashlib.sha256(content).hexdigest()
    target = _path(digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(f".{os.getpid()}")
        beside.write_bytes(content)
        beside.replace(target)
    return digest


def forget(digest: str) -> None:
    """Take a file out again that proved to bear a mark of secrecy. Whoever calls this has made sure no row names it."""
    _path(digest).unlink(missing_ok=True)


def content(name: str, digest: str) -> bytes:
    """The bytes kept under a hash; refuses when they are not what was kept."""
    path = _path(digest)
    found = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(found).hexdigest() != digest:
        raise FileChanged(name=name)
    return found


def _path(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest
