"""giaoban read FILE|FOLDER … --json: what reading finds in documents (the format of reading/FORMAT.md)."""

from __future__ import annotations

import hashlib
import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from giaoban import __version__
from giaoban.core.refusal import Refused
from giaoban.files import opening
from giaoban.people.refusals import sentences
from giaoban.reading.filed import read_file

MOST_PROCESSES = 8


@dataclass(frozen=True)
class Source:
    """A file to be read, and where its result goes below `--out`."""

    path: Path
    under: Path


@dataclass(frozen=True)
class Result:
    """What became of one file: what was found, or why nothing was."""

    source: Source
    found: dict[str, Any] | None = None
    fault: str = ""
    kept: bool = False
    """It was done already and has not changed."""


class Command(BaseCommand):
    help = "Đọc văn bản: việc được giao, số liệu, dẫn chiếu, thông tin cuộc họp, chỗ mâu thuẫn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="tệp TXT, HTML, DOCX, PDF, XLSX, ảnh quét, hoặc thư mục"
        )
        parser.add_argument("--json", action="store_true", help="in toàn bộ kết quả; nhiều tệp thì mỗi tệp một dòng")
        parser.add_argument(
            "--out", type=Path, metavar="DIR", help="ghi mỗi tệp một JSON; tệp đã đọc, chưa đổi thì bỏ qua"
        )
        parser.add_argument("--processes", type=int, default=0, help="số tiến trình đọc cùng lúc (mặc định: số nhân)")

    def handle(self, *args: Any, **options: Any) -> None:
        sources = list(gathered(options["files"]))
        if not sources:
            raise CommandError("không có tệp nào đọc được.")
        single = len(sources) == 1 and not options["files"][0].is_dir()
        faults = 0
        for result in self._results(sources, options["out"], _processes(options["processes"], len(sources))):
            faults += bool(result.fault)
            if result.fault:
                if single:
                    raise CommandError(f"{result.source.path}: {result.fault}")
                self.stderr.write(f"{result.source.path}: {result.fault}")
            elif options["json"]:
                self._print(result, single)
            else:
                self._tell(result, single)
        if faults:
            raise CommandError(f"không đọc được {faults} trong {len(sources)} tệp.")

    def _results(self, sources: Sequence[Source], out: Path | None, processes: int) -> Iterator[Result]:
        """In the order of the files, with a bar where somebody looks on."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        with Progress(*columns, console=console, disable=len(sources) < 2 or not console.is_terminal) as shown:
            bar = shown.add_task("Đọc văn bản", total=len(sources))
            for result in _all(sources, out, processes):
                shown.advance(bar)
                yield result

    def _print(self, result: Result, single: bool) -> None:
        if single:
            self.stdout.write(json.dumps(result.found, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(json.dumps({"file": str(result.source.path), **(result.found or {})}, ensure_ascii=False))

    def _tell(self, result: Result, single: bool) -> None:
        found = result.found or {}
        counts = ((found["tasks"], "việc"), (found["figures"], "số liệu"), (found["citations"], "dẫn chiếu"))
        said = [f"{len(kind)} {word}" for kind, word in counts]
        said += [f"{len(found['flags'])} mâu thuẫn"] * bool(found["flags"])
        self.stdout.write(f"{result.source.path}: " + ", ".join(said) + " (đã đọc trước đây)" * result.kept)
        for note in found["notes"]:
            self.stdout.write(f"  * {note}")
        if not single:
            return
        for task in found["tasks"]:
            who = ", ".join(task["assignees"]) or "chưa rõ đơn vị"
            self.stdout.write(
                f"  - [{who}] {' '.join(task['text'].split())}" + f" ({task['due_text']})" * bool(task["due_text"])
            )
        for flag in found["flags"]:
            self.stdout.write(f"  ! {flag['text']}: {flag['why']}")


def gathered(paths: Sequence[Path]) -> Iterator[Source]:
    """Files as given, and of folders every file below whose name says that it can be read; each once."""
    seen: set[Path] = set()
    taken: set[Path] = set()
    for given in paths:
        for path in _below(given) if given.is_dir() else [given]:
            real = path.resolve()
            if real in seen:
                continue
            seen.add(real)
            under = path.relative_to(given if given.is_dir() else given.parent)
            if under in taken:  # another folder has a file of this name
                under = under.with_name(f"{hashlib.sha256(str(real).encode()).hexdigest()[:8]}-{under.name}")
            taken.add(under)
            yield Source(path, under)


def _below(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith((".", "~$")) and name.lower().endswith(opening.SUFFIXES):
                yield Path(here) / name


def _processes(asked: int, files: int) -> int:
    return max(1, min(asked or os.cpu_count() or 1, MOST_PROCESSES, files))


def _all(sources: Sequence[Source], out: Path | None, processes: int) -> Iterator[Result]:
    if processes == 1:
        yield from (one(source, out) for source in sources)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin) as pool:
        waiting: list[tuple[Source, Future[Result]]] = [(source, pool.submit(one, source, out)) for source in sources]
        for source, future in waiting:
            try:
                yield future.result()
            except BrokenProcessPool:  # the machine ran out of memory, or somebody ended it: read it here
                yield one(source, out)


def _begin() -> None:
    import django

    django.setup()


def one(source: Source, out: Path | None) -> Result:
    """Reads one file, unless its result lies there already. Says a fault instead of raising it: the rest goes on."""
    try:
        content = source.path.read_bytes()
    except OSError as fault:
        return Result(source, fault=f"không đọc được tệp ({fault.strerror}).")
    made_of = {"name": source.path.name, "sha256": hashlib.sha256(content).hexdigest(), "version": __version__}
    target = out / f"{source.under}.json" if out is not None else None
    before = _before(target, made_of) if target else None
    if before is not None:
        return Result(source, before, kept=True)
    try:
        read = read_file(source.path.name, content, opening.PATIENT)
    except Refused as refused:
        return Result(source, fault=" ".join(sentences(refused)))
    found = {**({"source": made_of} if target else {}), **read, "notes": [_(note) for note in read["notes"]]}
    if target is not None:
        try:
            _write(target, found)
        except OSError as fault:
            return Result(source, fault=f"không ghi được {target} ({fault.strerror}).")
    return Result(source, found)


def _before(target: Path, made_of: dict[str, str]) -> dict[str, Any] | None:
    """What was found before in the same letters by the same version; half a file counts for nothing."""
    try:
        found = json.loads(target.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("source") == made_of else None


def _write(target: Path, found: dict[str, Any]) -> None:
    """Written beside and moved into place, so that whoever is interrupted finds no half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    beside.replace(target)
