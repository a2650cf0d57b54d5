"""Reading documents of 8,000 characters, against the plain regular expressions one would write in an afternoon.

Baseline: one pass of a few patterns (numbers of documents, dates, percentages and counts, sentences with "yêu cầu",
"giao", "cần", who stands after "giao" or in the heading above, who stands after "phối hợp với"): no layout of the page,
no clauses, no context. The ratio is what an understood page costs above that. The second table says what it buys, in F1
on the sample documents of tests/reading: those the reader was written with, so that its own column is no forecast for
other documents (docs/explanation/reading.md has those figures). The third shows that time grows with length alone.

With `make setup-compare` underthesea stands beside: its named-entity tagging of the same documents in the same run,
and how many of the names of organisations and people it finds. It is a general tagger of news and does not know who is
told to do what; that is why only names are compared. Where it is absent, the bench says so.

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
NAMES = ROOT / "tests" / "reading" / "names.json"
COMPARE = ROOT / ".compare"
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


def tagger() -> tuple[Callable[[str], list], str] | None:
    """underthesea's tagging of a text sentence by sentence, and its version; None where it is not installed."""
    if not COMPARE.is_dir():
        return None
    sys.path.append(str(COMPARE))
    try:
        import underthesea  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None

    def tag(text: str) -> list:
        found = []
        for line in filter(str.strip, text.splitlines()):
            for sentence in underthesea.sent_tokenize(line):
                found.extend(underthesea.ner(sentence))
                found.append(("", "", "", "O"))
        return found

    return tag, underthesea.__version__


def entities(tagged: list) -> list[tuple[str, str]]:
    """Names with their kinds, of words marked B- and I-."""
    found: list[tuple[str, list[str]]] = []
    for word, *_, mark in tagged:
        if mark.startswith("B-") or (mark.startswith("I-") and not (found and found[-1][0])):
            found.append((mark[2:], [word]))
        elif mark.startswith("I-"):
            found[-1][1].append(word)
        else:
            found.append(("", []))
    return [(kind, norm(" ".join(words))) for kind, words in found if words]


def person(name: str) -> str:
    return re.sub(r"^(?:đồng chí|đ c|ông|bà|thầy|cô) ", "", norm(name))


def told(gold: dict) -> set[str]:
    """The organisations, offices and groups that a document tells to act, or names as partners."""
    return {norm(name) for task in gold["tasks"] for key in ("assignees", "coordinators") for name in task[key]}


def holds(names: set[str], name: str) -> bool:
    """Whether a name was found, whole or with at least half of its words, within one that was."""
    words = name.split()
    return any(
        f" {name} " in f" {other} " or (f" {other} " in f" {name} " and 2 * len(other.split()) >= len(words))
        for other in names
    )


def compare_names(read: Callable[[str], dict], tag: Callable[[str], list] | None, named: dict[str, tuple]) -> None:
    people = json.loads(NAMES.read_text(encoding="utf-8"))
    rows: dict[str, list[tuple[int, int, int]]] = {}
    for name, (text, gold) in named.items():
        wanted, units = {norm(one) for one in people[name]}, told(gold)
        ours = read(text)
        seen = {"giaoban.reading": ({person(one["name"]) for one in ours["people"]}, told(ours))}
        simple = plain(text)
        chairs = (simple["meeting"] or {"chairs": []})["chairs"]
        seen["plain"] = ({person(one) for one in chairs}, told(simple))
        if tag is not None:
            found = entities(tag(text))
            seen["underthesea"] = (
                {person(one) for kind, one in found if kind == "PER"},
                {one for _, one in found},
            )
        for who, (persons, bodies) in seen.items():
            hit = len(persons & wanted)
            rows.setdefault(f"{who} people", []).append((hit, len(persons), len(wanted)))
            hit = sum(holds(bodies, unit) for unit in units)
            rows.setdefault(f"{who} units", []).append((hit, 0, len(units)))
    print(f"\nnames in {len(named)} sample documents   people: precision  recall   told or named as partners: recall")
    for who in ("giaoban.reading", "plain", "underthesea"):
        if f"{who} people" not in rows:
            print(f"  {who:33} not installed: make setup-compare")
            continue
        hit, found, wanted = (sum(row[k] for row in rows[f"{who} people"]) for k in range(3))
        held, _, units = (sum(row[k] for row in rows[f"{who} units"]) for k in range(3))
        print(f"  {who:33} {hit / max(found, 1):12.3f} {hit / wanted:9.3f} {held / units:28.3f}")


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
    arguments.add_argument("--tagged", type=int, default=4, help="how many of them underthesea reads too")
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
    beside = tagger()
    if beside is None:
        print("underthesea: not installed beside this checkout (make setup-compare); not compared")
    else:
        tag, version = beside
        tag(documents[0][:500])
        few = documents[: chosen.tagged]
        slow, fast = rate(tag, few), rate(read, few)
        print(
            f"giaoban.reading {fast:8.0f} documents/s   underthesea {version} named entities {slow:6.2f} documents/s   "
            f"ratio {fast / slow:.0f} (time of underthesea : time of the reader, the same {len(few)} documents)"
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

    compare_names(read, beside and beside[0], dict(zip(names, zip(texts, golds, strict=True), strict=True)))

    print("\ntime against length   characters   seconds   characters/s")
    for size in (125_000, 500_000, 2_000_000):
        text = made(1, size, texts)[0]
        start = time.process_time()
        read(text)
        spent = time.process_time() - start
        print(f"                      {len(text):>10,}   {spent:7.2f}   {len(text) / spent:>12,.0f}")


if __name__ == "__main__":
    main()
