"""Vietnamese text: folding for search, ordering for lists, comparison that forgives where a tone mark stands.

Traps met in real files: NFD from macOS, Ð (U+00D0) for Đ (U+0110), "hoà" beside "hòa", Python's order of Đ after Z.
"""

from __future__ import annotations

import re
import unicodedata

TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries
LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
CROSSED = str.maketrans({"đ": "d", "ð": "d", "Đ": "d", "Ð": "d"})
WORD = re.compile(r"\w+")


def nfc(text: str) -> str:
    """Composed form, with Đ written as Đ: what we store."""
    return unicodedata.normalize("NFC", text).replace("Ð", "Đ").replace("ð", "đ")


def fold(text: str) -> str:
    """Lower case without any mark, đ as d: what we search in. "Đồng Nai" → "dong nai"."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", kept.translate(CROSSED))


def steady(text: str) -> str:
    """Lower case with each word's tone mark moved to its end, so that "hoà" and "hòa", "thuỷ" and "thủy" agree."""
    return WORD.sub(lambda match: _tone_last(match[0]), nfc(text).casefold())


def same_words(one: str, other: str) -> bool:
    """Whether two texts have the same words, whatever their case, spacing, composition or tone-mark placement."""
    return steady(one).split() == steady(other).split()


def slug(text: str) -> str:
    """For addresses: "Phường Bình Đường" → "phuong-binh-duong"."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def sort_key(text: str) -> str:
    """A key whose plain order is Vietnamese: letters as a ă â … d đ …, then tones, then case; numbers by value.

    The key is plain ASCII, so it sorts alike in Python, SQLite and PostgreSQL (collation "C").
    """
    letters: list[str] = []
    tones: list[str] = []
    case: list[str] = []
    for piece in re.findall(r"\d+|\D", nfc(text)):
        if piece.isdecimal():
            digits = str(int(piece))
            letters.append(f"{min(len(digits), 9)}{digits}")
            continue
        base, tone = _split(piece.lower())
        letters.append(_weight(base))
        tones.append(tone)
        case.append("1" if piece != piece.lower() else "0")
    return "\t".join(("".join(letters), "".join(tones).rstrip("0"), "".join(case).rstrip("0")))


def _split(letter: str) -> tuple[str, str]:
    """A letter without its tone, and the tone's place in the order."""
    decomposed = unicodedata.normalize("NFD", letter)
    tone = next((str(TONES.index(mark) + 1) for mark in decomposed if mark in TONES), "0")
    return unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in TONES)), tone


def _weight(letter: str) -> str:
    """An ASCII spelling that keeps the alphabet: ă follows every word in a, and so on ("~" is the last sign)."""
    if letter not in LETTERS:
        plain = fold(letter)
        return plain if plain.isascii() and plain.isalnum() else " "
    marked = {"ă": "a~", "â": "a~~", "đ": "d~", "ê": "e~", "ô": "o~", "ơ": "o~~", "ư": "u~"}
    return marked.get(letter, letter)


def _tone_last(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(mark for mark in decomposed if mark in TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in TONES)) + tones
