"""Office files are ZIP packages: what of them may be unpacked at all."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from typing import Any

from giaoban.files import opening

TYPES = "[Content_Types].xml"
MACROS = ("vbaproject.bin", "vbadata.xml")


def checked(package: zipfile.ZipFile, limits: Mapping[str, Any], body: str) -> None:
    """Refuse bombs by what the directory says (and reading cannot exceed it), macros, and what is no such document."""
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > limits["entries"] or unpacked > limits["unpacked"] or unpacked > limits["ratio"] * (packed + 1):
        raise opening.UnpacksTooLarge(name="")
    names = {entry.filename.lower() for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise opening.Locked(name="")
    if any(name.endswith(MACROS) or name.startswith("xl/macrosheets/") for name in names):
        raise opening.Macros(name="")
    if body not in names or TYPES.lower() not in names:
        raise opening.NotADocument(name="")
    if b"macroEnabled" in package.read(TYPES):
        raise opening.Macros(name="")
