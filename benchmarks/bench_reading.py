"""Reading documents of 8,000 characters, against the plain regular expressions one would write in an afternoon.

Baseline: one pass of a few patterns (numbers of documents, dates, percentages and counts, sentences with "yêu cầu",
"giao", "cần", who stands after "giao" or in the heading above, who stands after "phối hợp với"): no layout of the page,
no clauses, no context. The ratio is what an understood page costs above that. The second table says what it buys, in F1
on the sample documents of tests/reading: those the reader was written with, so that its own column is no forecast for
other documents (docs/explanation/reading.md has those figures). The third shows that time grows with length alone.

The documents are made of those samples, shuffled from a seed. Only the reader is imported: no Django, no database.

    benchmarks/bench_reading.py [--documents N]
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]
SAMPLES = ROOT / "tests" / "reading" / "samples"
LENGTH = 8000

NUMBER = re.compile(r"\d+[a-z]?(?:/\d{4})?[/-][A-ZĐ][\w&]*(?:[-/][A-ZĐ][\w&]*)*")
AFTER_NUMBER = re.compile(r",? (?:ngày )?(\d{1,2})/(\d{1,2})/(\d{4})")
DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
PERCENT = re.compile(r"(?:(\d+)/(\d+)[^.;%]{0,60}?)?(\d+(?:,\d+)?)\s?%")
COUNT = re.compile(r"(?<![\d/.,-])(\d+(?:\.\d{3})*)\s(trường|học sinh|giáo viên|lớp|dự án|phòng học|xã|tỷ đồng|người)")
PIECE = re.compile(r"[^\n.;]+")
ASKS = re.compile(
    r"yêu cầu|đề nghị|\bgiao\b|\bcần\b|\bphải\b|chủ trì|tăng cường|tiếp tục|rà soát|báo cáo", re.IGNORECASE
)
HEADING = re.compile(
    r"^\d+\.\s+((?:Phòng|Sở|Ban|Công an|Trạm|UBND|Các trường|Hiệu trưởng)[^.:\n]{0,60})$", re.MULTILINE
)
TOLD = re.compile(
    r"(?:giao|yêu cầu|đề nghị)\s+((?:các |Phòng |Sở |Ban |UBND |Hiệu trưởng )[^,;.]{2,60}?)\s+"
    r"(?:chủ trì|rà soát|thực hiện|xây dựng|tham mưu|báo cáo|tổ chức)",
    re.IGNORECASE,
)
PARTNER = re.compile(r"phối hợp với\s+([^,;.]{3,60})")
DUE = re.compile(r"(?:trước|trong|đến|chậm nhất)\s+(?:ngày\s+)?(\d{1,2})/(\d{1,2})/(\d{4})")
MEETING = re.compile(r"(giao ban|sơ kết|tổng kết|tập huấn|làm việc|triển khai)")
CHAIR = re.compile(r"([A-ZĐ]\w+(?: [A-ZĐ]\w+){1,3})[^.;\n]{0,60}chủ trì")
KINDS = {
    "giao ban": "giao_ban", "sơ kết": "so_ket", "tổng kết": "tong_ket", "tập huấn": "tap_huan", "làm việc": "lam_viec",
    "triển khai": "trien_khai",
}  # fmt: skip


def day(found: tuple[str, ...]) -> str:
    return f"{found[2]}-{int(found[1]):02d}-{int(found[0]):02d}"


def plain(text: str) -> dict:
    """What plain patterns find, in the shape of FORMAT.md."""
    citations = []
    for match in NUMBER.finditer(text):
        after = AFTER_NUMBER.match(text, match.end())
        citations.append({"number": match[0], "date": day(after.groups()) if after else None})
    figures = [
        {"value": float(m[3].replace(",", ".")), "unit": "%", "numerator": m[1] and int(m[1])}
        for m in PERCENT.finditer(text)
    ]
    figures += [{"value": float(m[1].replace(".", "")), "unit": m[2], "numerator": None} for m in COUNT.finditer(text)]
    headings = [(match.start(), match[1]) for match in HEADING.finditer(text)]
    tasks = []
    for piece in PIECE.finditer(text):
        if len(piece[0]) < 25 or not ASKS.search(piece[0]):
            continue
        told, due = TOLD.search(piece[0]), DUE.search(piece[0])
        above = [name for start, name in headings if start < piece.start()][-1:]
        tasks.append(
            {
                "text": piece[0].strip(" -+"),
                "assignees": [told[1]] if told else above,
                "coordinators": PARTNER.findall(piece[0]),
                "due": day(due.groups()) if due else None,
            }
        )
    kind = MEETING.search(text.casefold())
    meeting = kind and {
        "kind": KINDS[kind[1]],
        "dates": [day(found) for found in DAY.findall(text)][:1],
        "chairs": CHAIR.findall(text)[:1],
    }
    return {"meeting": meeting, "citations": citations, "figures": figures, "tasks": tasks, "flags": []}


def norm(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold()))


def same_task(text: str, tasks: list[dict]) -> int | None:
    """The marked task that shares most words with a passage, when they share six in ten."""
    words = set(norm(text).split())
    best, share = None, 0.6
    for place, task in enumerate(tasks):
        other = set(norm(task["text"]).split())
        shared = len(words & other) / (len(words | other) or 1)
        if shared >= share:
            best, share = place, shared
    return best


def facts(found: dict, gold: dict) -> dict[str, set]:
    """What a reading says, as sets that can be compared kind by kind."""
    placed = [(same_task(task["text"], gold["tasks"]), task) for task in found["tasks"]]
    meeting = found["meeting"] or {"kind": None, "dates": [], "chairs": []}
    return {
        "tasks": {f"x{n}" if place is None else place for n, (place, _) in enumerate(placed)},
        "assignees": {(place, norm(name)) for place, task in placed for name in task["assignees"]},
        "partners": {(place, norm(name)) for place, task in placed for name in task["coordinators"]},
        "due": {(place, task["due"]) for place, task in placed if task["due"]},
        "citations": {mark["number"] for mark in found["citations"]},
        "their dates": {(mark["number"], mark["date"]) for mark in found["citations"] if mark["date"]},
        "figures": {(float(mark["value"]), mark["unit"].split()[0]) for mark in found["figures"]},
        "a/b": {(float(mark["value"]), mark["numerator"]) for mark in found["figures"] if mark.get("numerator")},
        "meeting": {("kind", meeting["kind"])} - {("kind", None)} | {("day", one) for one in meeting["dates"]},
        "chairs": {norm(name) for name in meeting["chairs"]},
        "flags": {(mark["kind"], norm(mark["text"])) for mark in found["flags"]},
    }


def f1(pairs: Iterable[tuple[set, set]]) -> float | None:
    """F1 over all documents; None where nothing is marked and nothing found."""
    hits = found = wanted = 0
    for seen, gold in pairs:
        hits, found, wanted = hits + len(seen & gold), found + len(seen), wanted + len(gold)
    return 2 * hits / (found + wanted) if found + wanted else None


def rate(reader: Callable[[str], object], documents: list[str]) -> float:
    """Documents per second of processor time, the best of three passes."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for text in documents:
            reader(text)
        best = max(best, len(documents) / (time.process_time() - start))
    return best


def made(count: int, length: int, parts: list[str]) -> list[str]:
    """Documents of about a length, of whole paragraphs of the samples in a shuffled order of samples."""
    dice = random.Random(20260129)
    documents = []
    for _ in range(count):
        text = ""
        while len(text) < length:
            text += "\n\n".join(dice.sample(parts, len(parts))) + "\n\n"
        documents.append(text[: text.rfind("\n\n", 0, length)])
    return documents


def main() -> None:
    from giaoban.reading import read

    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--documents", type=int, default=40)
    chosen = arguments.parse_args()
    names = sorted(path.stem for path in SAMPLES.glob("*.txt"))
    texts = [(SAMPLES / f"{name}.txt").read_text(encoding="utf-8") for name in names]
    golds = [json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")) for name in names]

    documents = made(chosen.documents, LENGTH, texts)
    ours, theirs = rate(read, documents), rate(plain, documents)
    print(f"{len(documents)} documents of {LENGTH:,} characters, one core")
    print(
        f"giaoban.reading {ours:8.0f} documents/s   plain regular expressions {theirs:8.0f} documents/s   "
        f"ratio {theirs / ours:.1f} (time of the reader : time of the baseline)"
    )

    print(f"\nF1 on {len(texts)} sample documents   giaoban.reading   plain regular expressions")
    seen = [
        (facts(read(text), gold), facts(plain(text), gold), facts(gold, gold))
        for text, gold in zip(texts, golds, strict=True)
    ]
    for kind in seen[0][2]:
        shown = [f1((one[which][kind], one[2][kind]) for one in seen) for which in (0, 1)]
        print(
            f"  {kind:27}" + "".join("       —         " if one is None else f"      {one:.3f}      " for one in shown)
        )

    print("\ntime against length   characters   seconds   characters/s")
    for size in (125_000, 500_000, 2_000_000):
        text = made(1, size, texts)[0]
        start = time.process_time()
        read(text)
        spent = time.process_time() - start
        print(f"                      {len(text):>10,}   {spent:7.2f}   {len(text) / spent:>12,.0f}")


if __name__ == "__main__":
    main()
