"""LibreOffice as the second opinion on a workbook: opens it, computes every formula anew, tells the cells."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""


def computed(content: bytes, folder: Path) -> dict[str, list[list[Any]]]:
    """{worksheet: rows} as LibreOffice has them; skips, in a sentence, where it cannot be had."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed here")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)
    source = folder / "so.xlsx"
    source.write_bytes(content)
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "ods", source.name]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    made = folder / "so.ods"
    if not made.exists():
        if b"could not be loaded" in done.stderr:
            pytest.skip("LibreOffice is here without Calc")
        raise AssertionError(done.stderr.decode())
    book = CalamineWorkbook.from_path(made)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
