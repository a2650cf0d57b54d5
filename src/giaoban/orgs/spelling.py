"""How names are written: one spelling to compare by, whatever abbreviations a document uses.

`canon("Ủy ban nhân dân xã Bắc Hà")` and `canon("UBND xã Bắc Hà")` are both "ubnd xa bac ha".
"""

from __future__ import annotations

import re
from functools import lru_cache

from giaoban.catalogue import table
from giaoban.core.text import fold, nfc

# Long forms and their abbreviations, both folded; the longer ones first, since they contain the shorter.
ABBREVIATIONS = (
    ("uy ban nhan dan", "ubnd"),
    ("hoi dong nhan dan", "hdnd"),
    ("giao duc va dao tao", "gddt"),
    ("giao duc dao tao", "gddt"),
    ("gd va dt", "gddt"),
    ("gd dt", "gddt"),
    ("giao duc nghe nghiep", "gdnn"),
    ("giao duc thuong xuyen", "gdtx"),
    ("pho thong dan toc ban tru", "ptdtbt"),
    ("pho thong dan toc noi tru", "ptdtnt"),
    ("dan toc ban tru", "ptdtbt"),
    ("dan toc noi tru", "ptdtnt"),
    ("trung hoc co so", "thcs"),
    ("trung hoc pho thong", "thpt"),
    ("tieu hoc", "th"),
    ("mam non", "mn"),
    ("mau giao", "mg"),
    ("van hoa xa hoi", "vhxh"),
    ("vh xh", "vhxh"),
    ("tai chinh ke hoach", "tckh"),
    ("tc kh", "tckh"),
    ("ban quan ly du an", "ban qlda"),
    ("phuc vu hanh chinh cong", "pvhcc"),
    ("trung tam hoc tap cong dong", "tt htcd"),
    ("hoc tap cong dong", "htcd"),
    ("trung tam", "tt"),
    ("thanh pho", "tp"),
    ("van phong", "vp"),
    ("ban chi dao", "bcd"),
)
JOINED = re.compile(r"\b(hdnd)\s+va\s+(ubnd)\b")
PATTERN = re.compile(r"\b(" + "|".join(long for long, _ in ABBREVIATIONS) + r")\b")
SHORT = dict(ABBREVIATIONS)


@lru_cache(maxsize=50_000)
def canon(text: str) -> str:
    """Folded, without punctuation, with the usual abbreviations: what names are compared by."""
    words = re.sub(r"[^\w]+", " ", fold(text)).strip()
    words = re.sub(r"\bgd dt\b", "gddt", words)
    words = PATTERN.sub(lambda found: SHORT[found[0]], words)
    return JOINED.sub(r"\1 \2", words)


@lru_cache(maxsize=1)
def _kind_words() -> dict[str, str]:
    return {row["code"]: row["word"] for row in table("kinds.toml")["kind"] if "word" in row}


def bare(name: str, kind: str) -> str:
    """The compared name without the kind word of an area: "Xã Bắc Hà" → "bac ha"."""
    word = canon(_kind_words().get(kind, ""))
    whole = canon(name)
    return whole.removeprefix(f"{word} ") if word else whole


def in_text(area: str) -> str:
    """An area's name inside a sentence: "Xã Bắc Hà" → "xã Bắc Hà"."""
    return area[:1].lower() + area[1:]


def governing_body(area: str) -> str:
    """The people's committee of an area: "Xã Bắc Hà" → "UBND xã Bắc Hà"."""
    return f"UBND {in_text(nfc(area))}"
