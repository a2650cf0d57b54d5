"""giaoban read FILE … --json: what reading finds in documents (the format of reading/FORMAT.md)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from giaoban.core.refusal import Refused
from giaoban.files import opening
from giaoban.people.refusals import sentences
from giaoban.reading import read


class Command(BaseCommand):
    help = "Đọc văn bản: việc được giao, số liệu, dẫn chiếu, thông tin cuộc họp, chỗ mâu thuẫn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="tệp TXT, HTML hoặc DOCX")
        parser.add_argument("--json", action="store_true", help="in toàn bộ kết quả, mỗi tệp một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            found = self._read(path)
            if options["json"]:
                self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            else:
                self._tell(path, found)

    def _read(self, path: Path) -> dict[str, Any]:
        try:
            content = path.read_bytes()
        except OSError as fault:
            raise CommandError(f"{path}: không đọc được tệp ({fault.strerror}).") from None
        try:
            text = opening.text(path.name, content)
        except Refused as refused:
            raise CommandError(f"{path}: {' '.join(sentences(refused))}") from None
        found = read(text)
        return found if path.suffix.lower() == ".txt" else {"content": text, **found}

    def _tell(self, path: Path, found: dict[str, Any]) -> None:
        counts = ((found["tasks"], "việc"), (found["figures"], "số liệu"), (found["citations"], "dẫn chiếu"))
        self.stdout.write(f"{path}: " + ", ".join(f"{len(kind)} {word}" for kind, word in counts))
        for task in found["tasks"]:
            who = ", ".join(task["assignees"]) or "chưa rõ đơn vị"
            self.stdout.write(
                f"  - [{who}] {' '.join(task['text'].split())}" + f" ({task['due_text']})" * bool(task["due_text"])
            )
        for flag in found["flags"]:
            self.stdout.write(f"  ! {flag['text']}: {flag['why']}")
