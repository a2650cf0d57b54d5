"""giaoban load_catalogue [PATH]: the shipped catalogue, or a text file or folder of files; safe to run again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress as Bar

from giaoban.core.refusal import Refused
from giaoban.indicators import loading, texts
from giaoban.journal.actor import SYSTEM
from giaoban.people.refusals import sentences


class Command(BaseCommand):
    help = "Nạp danh mục chỉ tiêu và biểu mẫu đi kèm sản phẩm, hoặc từ tệp chữ (chạy lại không tạo trùng)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", help="tệp .toml, .csv hoặc thư mục chứa chúng; bỏ trống: danh mục đi kèm"
        )
        parser.add_argument("--dry-run", action="store_true", help="chỉ cho biết sẽ thêm, sửa, từ chối gì")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["path"]:
            self._file(Path(options["path"]), dry=options["dry_run"])
            return
        with Bar(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task(_("Catalogue"), total=None)
            try:
                loaded = loading.load_catalogue(
                    by=SYSTEM,
                    at=timezone.now(),
                    progress=lambda done, of: bar.update(task, completed=done, total=of),
                )
            except Refused as refused:
                raise CommandError(_(refused.sentence) % refused.params) from refused
        self.stdout.write(
            _("%(elements)s elements, %(indicators)s indicators, %(sheets)s sheets loaded.") % vars(loaded)
        )

    def _file(self, path: Path, *, dry: bool) -> None:
        """A file, or all files of a folder as if they were one."""
        paths = sorted(one for one in path.rglob("*") if one.suffix in (".toml", ".csv")) if path.is_dir() else [path]
        try:
            found = texts.together(_read(one, alone=len(paths) == 1) for one in paths)
            taken = texts.take(by=SYSTEM, at=timezone.now(), found=found, dry=dry)
        except OSError as wrong:
            raise CommandError(str(wrong)) from wrong
        except Refused as refused:
            raise CommandError(" ".join(sentences(refused))) from refused
        for fault in taken.faults:
            said = " ".join(sentences(fault.refused))
            place = _("Line %(line)s, %(code)s %(field)s: %(fault)s")
            self.stderr.write(place % {"line": fault.line, "code": fault.code, "field": fault.field, "fault": said})
        counts = {state: taken.count(state) for state in (texts.NEW, texts.CHANGED, texts.SAME, texts.REFUSED)}
        self.stdout.write(_("%(new)s new, %(changed)s changed, %(same)s unchanged, %(refused)s refused.") % counts)
        if taken.faults:
            raise CommandError(_("Nothing was stored."))


def _read(path: Path, *, alone: bool) -> texts.Read:
    """A file of a folder may hold nothing for the catalogue, such as its list of sources."""
    try:
        return texts.read(path.read_bytes(), path.name)
    except texts.NothingInFile:
        if alone:
            raise
        return texts.Read()
