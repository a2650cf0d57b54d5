"""How names are written in documents beside their full form: abbreviations, titles of heads, left-out words.

What is compared is `spelling.canon`, which units' names are stored by; here stands only what documents do to names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from giaoban.orgs import spelling

SPLIT = re.compile(r" (?=(?:tinh|tp|huyen|quan|thi xa|xa|phuong|thi tran|dac khu) )")

# Who heads a unit stands for it: "Hiệu trưởng các trường", "Trưởng phòng Nội vụ", "Chủ tịch UBND các xã".
_HEADS = re.compile(
    r"^(?:giao|giao cho|de nghi|yeu cau|phan cong|dong chi|cac dong chi|d c|cac d c|thu truong|lanh dao|tap the|"
    r"nguoi dung dau|ban giam hieu|bgh|hieu truong|can bo quan ly|chu tich|bi thu|thuong truc|ban thuong vu|btv|"
    r"giam doc(?= so| tt| cac tt| ban| cac so| benh| cong)|truong(?= (?:cac )?(?:phong|ban|tt)\b)|"
    r"chanh(?= vp| thanh tra| van phong)|bo truong(?= bo\b)|trach nhiem cua|doi voi|ve phia)\s+"
)

# In the order in which they are tried; each gives one more way to write the same name.
_WRITTEN = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (
            r"^p ?gd ?(?:dt\b|$)|^p ?gd(?= (?:huyen|tp|thi xa|quan)\b)|^phong gd(?: d t)?(?= |$)|"
            r"^phong giao duc(?! va| nghe| thuong)",
            "phong gddt",
        ),
        (r"^s ?gd ?(?:dt\b|$)|^so gd(?= |$)|^so giao duc(?! va| nghe)", "so gddt"),
        (r"^b ?gd ?(?:dt\b|$)|^bo gd(?= |$)|^bo giao duc(?! va)", "bo gddt"),
        (r"^p (?=noi vu|tckh|tai chinh|kinh te|vhxh|van hoa|tu phap|y te|lao dong)", "phong "),
        (r"^p noi vu$|^pnv$", "phong noi vu"),
        (r"^vh xh$|^vhxh$|^pvhxh$", "phong vhxh"),
        (r"^(?:ub|uy ban)(?= |$)", "ubnd"),
        (r"^u b n d(?= |$)", "ubnd"),
        (r"^(ubnd )?tt (?=\w)", r"\1thi tran "),
        (r"^(ubnd )?tx (?=\w)", r"\1thi xa "),
        (r"^(ubnd )?h (?=\w)", r"\1huyen "),
        (r"^(ubnd )?q (?=\w)", r"\1quan "),
        (r"^(ubnd )?x (?=\w)", r"\1xa "),
        (r"^(ubnd )?p (?=\w)", r"\1phuong "),
        (r"^(ubnd )?t (?=\w)", r"\1tinh "),
        (r"^(?:truong )?(?:pt )?dtbt\b", "truong ptdtbt"),
        (r"^(?:truong )?(?:pt )?dtnt\b", "truong ptdtnt"),
        (r"^(?=(?:mn|mg|th|thcs|thpt|ptdtbt|ptdtnt|th thcs|gdnn) \w)", "truong "),
        (r"^(cac )(?=(?:mn|mg|th|thcs|thpt|ptdtbt|ptdtnt)\b)", r"\1truong "),
        (r"\b(th|thcs) (?=thcs\b|thpt\b)", r"\1 va "),
        (r"\b(th|thcs) va (?=thcs\b|thpt\b)", r"\1 "),
        (r"^truong (?=tt\b)", ""),
        (r"^vp ubnd\b", "vp hdnd ubnd"),
        (r"^(?:cong so|tru so) ", ""),
    )
)
_AREA = re.compile(r"^(?:(?:thuoc|cua|o|tai|tren dia ban) )+")


def asked(text: str) -> str:
    """The name as it is compared, without who is spoken to and without the title of its head."""
    words = spelling.canon(text)
    while (match := _HEADS.match(words)) and words[match.end() :]:
        words = words[match.end() :]
    return words


@lru_cache(maxsize=5_000)
def ways(words: str) -> tuple[str, ...]:
    """The name as written and in every other way it may be meant, the written one first."""
    found = [words]
    for pattern, other in _WRITTEN:
        for known in list(found):
            said = " ".join(pattern.sub(other, known, count=1).split())
            if said and said not in found:
                found.append(said)
    return tuple(found[:12])


def readings(words: str) -> Iterator[tuple[str, list[str]]]:
    """The whole as a name, then name and place, name and two places: "xa bac ha" in "tinh lao cai"."""
    plain = words.removeprefix("ubnd ").removeprefix("hdnd ubnd ").removeprefix("hdnd ")
    yield plain, []
    parts = SPLIT.split(plain)
    for cut in range(len(parts) - 1, 0, -1):
        head = re.sub(r" (?:thuoc|cua|o|tai|tren dia ban)$", "", " ".join(parts[:cut]))
        yield head, parts[cut:]
