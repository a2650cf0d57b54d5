"""giaoban export_catalogue: the catalogue, one sheet or one list as a text file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from giaoban.indicators import texts
from giaoban.indicators.queries import texts as published


class Command(BaseCommand):
    help = "Xuất danh mục (TOML), một biểu mẫu (--sheet), hoặc một danh sách (CSV, --table)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", help="tệp để ghi; bỏ trống thì in ra màn hình")
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--sheet", default="", help="mã biểu mẫu")
        one.add_argument("--table", choices=sorted(texts.COLUMNS), help="danh sách ghi thành CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["table"]:
            text = texts.table(options["table"])
        elif options["sheet"]:
            row = published.row(published.SHEET, options["sheet"])
            if row is None:
                raise CommandError(_("There is no sheet “%(code)s”.") % {"code": options["sheet"]})
            text = texts.sheet_toml(row)
        else:
            text = texts.toml(published.whole())
        if options["path"]:
            Path(options["path"]).write_text(text, encoding="utf-8", newline="")
        else:
            self.stdout.write(text, ending="")
