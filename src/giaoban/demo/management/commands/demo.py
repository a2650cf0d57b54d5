"""giaoban demo: play the demonstration, print what stands, and serve it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections
from rich.console import Console
from rich.table import Table

from giaoban.demo import play, summary


class Command(BaseCommand):
    help = "Chơi bản trình diễn: một năm học của tỉnh Lào Cai, rồi mở trang web trên máy này."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="chỉ dựng và in tóm tắt, không mở trang web")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Bản trình diễn chỉ chạy với GIAOBAN_DEMO=1, không chạy trên dữ liệu thật.")
        console = Console(highlight=False)
        began = time.monotonic()
        call_command("migrate", verbosity=0, interactive=False)
        try:
            play.refuse_real_data()
            with console.status("") as status:
                for scene, no, total, seconds in play.play(lambda text: status.update(f"  {text}")):
                    console.print(f"  [{no:>2}/{total}] {scene.title} ({seconds:.1f} giây)")
        except play.RealData as refusal:
            raise CommandError(str(refusal)) from None
        call_command("collectstatic", verbosity=0, interactive=False)
        self._summary(console, time.monotonic() - began)
        if not options["no_serve"]:
            self._serve(options["port"])

    def _summary(self, console: Console, seconds: float) -> None:
        table = Table(show_header=False, box=None, pad_edge=False)
        for name, value in summary.lines():
            table.add_row(name, value)
        console.print(f"\nSẵn sàng sau {seconds:.0f} giây. Ngày của bản trình diễn: {play.STORY.today:%d/%m/%Y}.")
        console.print(table)
        console.print("\nTệp đã viết:")
        for path in sorted((settings.HOME / "bao-cao").glob("*.docx")):
            console.print(f"  {path}")

    def _serve(self, port: int) -> None:
        """The server takes this process over; the worker of background work is its child and ends with it."""
        self.stdout.write(f"\nMở http://127.0.0.1:{port}/demo/ (Ctrl-C để dừng)\n")
        sys.stdout.flush()
        connections.close_all()
        worker = [sys.executable, "-m", "giaoban", "work", "--with-parent", str(os.getpid())]
        subprocess.Popen(worker)  # noqa: S603 - our own worker
        command = [sys.executable, "-m", "gunicorn", "giaoban.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
        os.execv(sys.executable, [*command, "--threads", "4", "--log-level", "warning"])  # noqa: S606 - our own server
