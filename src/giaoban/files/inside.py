"""The process that takes an untrusted file apart: `python -I -m giaoban.files.inside ORDER < FILE > ANSWER`.

It bounds itself before it looks at the file, then answers one JSON object: {"found": …} or {"refused": "Macros"}.
Only what it calls unpacks; nothing of a file is run, and nothing is ever written.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from giaoban.files import opening
from giaoban.files.fence import bound

Take = Callable[[bytes, Mapping[str, Any]], Any]
TAKE = {
    "docx": ("from_word", "opened"),
    "html": ("from_page", "opened"),
    "xlsx": ("from_workbook", "opened"),
    "table": ("from_workbook", "rows"),
    "pdf": ("from_pdf", "opened"),
    "scan": ("from_scan", "page"),
    "paper": ("paper", "assembled"),
}


def main() -> None:
    order = json.loads(sys.argv[1])
    bound(order["memory"], order["seconds"])
    content = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(_answer(order, content)))


def _answer(order: Mapping[str, Any], content: bytes) -> dict[str, Any]:
    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import ParseError  # type: ignore[import-untyped]

    module, name = TAKE[order["kind"]]
    take: Take = getattr(import_module(f"giaoban.files.{module}"), name)
    try:
        return {"found": take(content, order)}
    except opening.NotOpened as refused:
        return {"refused": type(refused).__name__, "params": {**refused.params, "name": ""}}
    except (DefusedXmlException, ParseError, zipfile.BadZipFile, LookupError, ValueError, NotImplementedError, OSError):
        return {"refused": "Damaged"}
    except (MemoryError, RecursionError):
        return {"refused": "UnpacksTooLarge"}


if __name__ == "__main__":
    main()
