"""An XLSX of 100,000 lines and 20 columns, validated with every fault reported: at most 10 s and 300 MB.

The table is what school software exports: code and name of a school, then 18 counts; one line in a hundred holds a
fault (a word for a number, a negative, a decimal, an unknown school, a figure given twice). The wizard's own reader
does it: the reading process (calamine) streams rows, the reader checks them piece by piece. Memory is the peak of this
process and of the reading process together, as the kernel counted them.

Baseline, in the same run: the same table through openpyxl (read-only), row by row, with the same rules written as one
would first write them; it must find the same faults.

    benchmarks/bench_intake.py [--rows N]
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import stand

COLUMNS = 18
GOAL_SECONDS, GOAL_MEGABYTES, GOAL_RATIO = 10, 300, 5
FULL = os.environ.get("SCALE") == "full"
SHEET = "DL"
MEMORY = "--memory"


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rows", type=int, default=100_000 if FULL else 40_000)
    arguments.add_argument(MEMORY, metavar="FILE", help="only validate FILE, and say what it cost")
    chosen = arguments.parse_args()
    if chosen.memory:
        alone(Path(chosen.memory), chosen.rows)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bang.xlsx"
        expected = write(path, chosen.rows)
        stand.said(f"{chosen.rows:,} lines × {COLUMNS + 2} columns, {path.stat().st_size / 2**20:.1f} MB, "
                   f"{sum(expected.values()):,} faults {dict(expected)}")  # fmt: skip
        ours = in_a_process(path, chosen.rows)
        theirs, seconds = timed_baseline(path, chosen.rows)
        say = verdict if chosen.rows >= 100_000 else stand.verdict
        stand.said(
            f"validated: {ours['seconds']:.2f} s   goal: at most {GOAL_SECONDS} s: "
            f"{say(ours['seconds'] <= GOAL_SECONDS)}"
        )
        stand.said(
            f"  peak memory: {ours['own']:.0f} MB here + {ours['reader']:.0f} MB in the reading process = "
            f"{ours['own'] + ours['reader']:.0f} MB   goal: at most {GOAL_MEGABYTES} MB: "
            f"{say(ours['own'] + ours['reader'] <= GOAL_MEGABYTES)}"
        )
        stand.said(f"openpyxl, row by row, the same rules: {seconds:.2f} s")
        ratio = seconds / ours["seconds"]
        stand.said(f"  openpyxl : ours = {ratio:.1f}   goal: at least {GOAL_RATIO}: {say(ratio >= GOAL_RATIO)}")
        same = Counter(ours["faults"]) == theirs == expected
        stand.said(f"  both report all {sum(theirs.values()):,} faults: {verdict(same)}")


def verdict(reached: bool) -> str:
    """Of the full number of lines, whatever the scale of the others."""
    return stand.verdict(reached, at_any_scale=True)


def write(path: Path, rows: int) -> Counter[str]:
    """The table, and how many faults of each kind are in it."""
    import xlsxwriter

    dice, expected = random.Random(4), Counter[str]()
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet(SHEET)
    page.write_row(0, 0, ["Mã trường", "Tên trường", *(f"Chỉ tiêu {n + 1}" for n in range(COLUMNS))])
    for row in range(1, rows + 1):
        cells: list[Any] = [f"{row:08d}", f"Trường Tiểu học số {row}", *(dice.randrange(900) for _ in range(COLUMNS))]
        if row % 100 == 50:
            kind = ("not_a_number", "negative", "decimals", "unknown")[row // 100 % 4]
            expected[kind] += 1
            place = 2 + dice.randrange(COLUMNS)
            if kind == "unknown":
                cells[0], cells[1] = f"X{row}", f"Cơ sở lạ {row}"
            else:
                cells[place] = {"not_a_number": "năm", "negative": -7, "decimals": 3.5}[kind]
        page.write_row(row, 0, cells)
    book.close()
    return expected


def in_a_process(path: Path, rows: int) -> dict[str, Any]:
    """Our reader in a process of its own, so that nothing else counts in its memory."""
    import json

    done = subprocess.run(
        [sys.executable, __file__, MEMORY, str(path), "--rows", str(rows)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def alone(path: Path, rows: int) -> None:
    """Validate the file and print what it took."""
    import json

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giaoban.settings")
    home = tempfile.TemporaryDirectory(prefix="giaoban-bench-")
    os.environ |= {"GIAOBAN_HOME": home.name}
    import django

    django.setup()
    from giaoban.files import grids
    from giaoban.intake.reading import Reader
    from giaoban.intake.spec import CODE, FIGURE, NAME, VALUE, Column, Meant, Spec
    from giaoban.intake.targets import Info

    finder = known_schools(rows)
    infos = {f"c{n}": Info(n, f"c{n}", f"c{n}", f"c{n}", 0, True, "") for n in range(COLUMNS)}
    labels = [f"Chỉ tiêu {n + 1}" for n in range(COLUMNS)]
    spec = Spec(
        head=(0,),
        first=1,
        columns=(Column(CODE, "Mã trường"), Column(NAME, "Tên trường"), *(Column(VALUE, label) for label in labels)),
        period="2025-2026.DN",
        targets={label: Meant(FIGURE, f"c{n}", "SCHOOL_YEAR_START", "1") for n, label in enumerate(labels)},
    )
    begun = time.perf_counter()
    reading = Reader(spec, finder, infos, keep=False).read(grids.stream(path.name, path, SHEET))
    seconds = time.perf_counter() - begun
    faults = Counter(one.kind for one in reading.faults)
    faults["unknown"] = sum(one.lines for one in reading.questions.values())
    print(
        json.dumps(
            {
                "seconds": seconds,
                "own": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "reader": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
                "faults": faults,
            }
        )
    )


def known_schools(rows: int) -> Any:
    """The finder of the wizard with so many schools in its index, without a database behind it."""
    from giaoban.intake import units

    day = date(2025, 9, 30)
    finder = units.Finder(level="school", under=None, today=day)
    index = units._Day()
    index.by_code = {f"{row:08d}": row for row in range(1, rows + 1)}
    finder.days[day] = index
    return finder


def timed_baseline(path: Path, rows: int) -> tuple[Counter[str], float]:
    """What one would write first: openpyxl, a loop over rows, a loop over cells."""
    import openpyxl

    known = {f"{row:08d}": row for row in range(1, rows + 1)}
    number = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?")
    begun = time.perf_counter()
    faults: list[tuple[str, str]] = []
    seen: dict[tuple[int, int], str] = {}
    page = openpyxl.load_workbook(path, read_only=True)[SHEET]
    for row, cells in enumerate(page.iter_rows(min_row=2, values_only=True), start=2):
        unit = known.get(str(cells[0]).strip())
        if unit is None:
            faults.append((f"A{row}", "unknown"))
            continue
        for column, cell in enumerate(cells[2:], start=2):
            where = f"{chr(65 + column)}{row}"
            if cell is None or cell == "" or str(cell).strip() in ("..", "…", "-"):
                continue
            if isinstance(cell, str):
                match = number.fullmatch(cell.strip())
                if match is None:
                    faults.append((where, "not_a_number"))
                    continue
                cell = float(match[1].replace(".", "") + ("." + match[2] if match[2] else ""))
            if cell != int(cell):
                faults.append((where, "decimals"))
            elif cell < 0:
                faults.append((where, "negative"))
            elif (unit, column) in seen:
                faults.append((where, "twice"))
            else:
                seen[unit, column] = where
    return Counter(kind for _, kind in faults), time.perf_counter() - begun


if __name__ == "__main__":
    main()
