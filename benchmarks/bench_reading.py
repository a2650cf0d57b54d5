"""How fast documents are read, beside a plain regular-expression reader of citations and percentages alone.

    python benchmarks/bench_reading.py

Prints documents of about 8,000 characters a second on one core, the ratio to the baseline in the same run, and how the
time grows with the length of the text.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from giaoban.reading import read  # noqa: E402

LENGTH = 8_000
DATA = ROOT / "src" / "giaoban" / "demo" / "data"
CITATION = re.compile(r"\d+(?:/\d{4})?[/-][A-ZĐa-zđ]+[-/][A-ZĐ&]+")
PERCENT = re.compile(r"\d+(?:,\d+)?\s*%")
DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|ngày \d{1,2} tháng \d{1,2} năm \d{4}")


def baseline(text: str) -> list[str]:
    """What a script of three expressions finds: numbers of documents, percentages and dates, and nothing else."""
    return CITATION.findall(text) + PERCENT.findall(text) + DATE.findall(text)


def documents(length: int, count: int) -> list[str]:
    """Documents of about that length out of the demonstration's made-up plans, their items renumbered and repeated."""
    source = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.txt")))
    head, _, body = source.partition("II. NHIỆM VỤ")
    found = []
    for number in range(count):
        text = f"{head}II. NHIỆM VỤ"
        while len(text) < length:
            text += body.replace("412/KH-UBND", f"{400 + number + len(text) % 97}/KH-UBND")
        found.append(text[:length])
    return found


def seconds(work: Callable[[str], object], texts: list[str]) -> float:
    """Median of three runs over all texts."""
    runs = []
    for _ in range(3):
        began = time.perf_counter()
        for text in texts:
            work(text)
        runs.append(time.perf_counter() - began)
    return statistics.median(runs)


def main() -> int:
    texts = documents(LENGTH, 20)
    for text in texts[:2]:
        read(text)  # warm up: the expressions are compiled
    ours, plain = seconds(read, texts), seconds(baseline, texts)
    print(f"reader    {len(texts) / ours:8.1f} documents of {LENGTH:,} characters a second")
    print(f"baseline  {len(texts) / plain:8.1f} documents a second (three regular expressions, no tasks, no flags)")
    print(f"ratio     {ours / plain:8.1f} × the time of the baseline")
    before = None
    for length in (8_000, 64_000, 512_000):
        took = seconds(read, documents(length, 1))
        grown = f", {took / before:.1f} × for 8 × the text" if before else ""
        print(f"{length:>9,} characters {took * 1000:8.0f} ms{grown}")
        before = took
    return 0


if __name__ == "__main__":
    sys.exit(main())
