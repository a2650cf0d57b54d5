"""giaoban load_units: the shipped administrative units into the database; safe to run again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext
from rich.progress import Progress as Bar
from rich.progress import TextColumn, TimeElapsedColumn

from giaoban.core.refusal import Refused
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions
from giaoban.orgs.refusals import Spoken

STEPS = {
    "existence": "đơn vị",
    "name": "tên",
    "classing": "loại",
    "code": "mã",
    "holds": "thuộc tính",
    "link": "quan hệ trực thuộc",
    "lineage": "kế thừa sau sắp xếp",
    "alias": "tên khác",
    "snapshots": "bảng tra theo ngày",
    "closure": "bảng cấp trên, cấp dưới",
    "done": "xong",
}


class Command(BaseCommand):
    help = "Nạp các đơn vị hành chính đi kèm sản phẩm (chạy lại không tạo trùng)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--provinces", default="", help="mã tỉnh hiện nay, cách nhau bởi dấu phẩy; mặc định cả nước"
        )

    def handle(self, *args: Any, provinces: str, **options: Any) -> None:
        wanted = {code.strip() for code in provinces.split(",") if code.strip()} or None
        columns = (TextColumn("{task.description}"), *Bar.get_default_columns()[1:2], TimeElapsedColumn())
        with Bar(*columns) as bar:
            task = bar.add_task("đọc danh mục", total=len(STEPS))

            def say(what: str, done: int, of: int) -> None:
                bar.update(task, description=STEPS[what], completed=list(STEPS).index(what) + (what == "done"))

            try:
                fresh = actions.load_administrative_units(by=SYSTEM, at=timezone.now(), provinces=wanted, progress=say)
            except Refused as refused:
                raise CommandError(str(Spoken(refused))) from refused
            bar.update(task, description=STEPS["done"], completed=len(STEPS))
        self.stdout.write(gettext("%(count)s units loaded.") % {"count": fresh})
