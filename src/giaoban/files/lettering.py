"""Letters written before Unicode: texts in TCVN3 (ABC, fonts .VnTime) and VNI (fonts VNI-Times), found and put right.

Such a text is a row of Western letters that only its font shows as Vietnamese: "Céng hßa x· héi" is "Cộng hòa xã hội".
Whether a text is one is shown by its words: before, hardly any of them is a Vietnamese syllable, after it nearly all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from giaoban.core.text import TONES, nfc

SAMPLE = 40_000

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VNI_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_ROOFS = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BOWLS = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}


def _vni_table() -> dict[str, str]:
    table: dict[str, str] = dict(_VNI_ALONE)
    for vowel in "aeouy":
        table |= {vowel + mark: vowel + tone for mark, tone in _VNI_TONES.items()}
    for horned, shown in (("ô", "ơ"), ("ö", "ư")):
        table |= {horned + mark: shown + tone for mark, tone in _VNI_TONES.items()}
    for vowel in "aeo":
        table |= {vowel + mark: vowel + "\u0302" + tone for mark, tone in _VNI_ROOFS.items()}
    table |= {"a" + mark: "a\u0306" + tone for mark, tone in _VNI_BOWLS.items()}
    written = {key: unicodedata.normalize("NFC", value) for key, value in table.items()}
    large = {key.upper(): value.upper() for key, value in written.items()}
    mixed = {key[0].upper() + key[1]: value.upper() for key, value in written.items() if len(key) == 2}
    return written | mixed | large


_VNI = _vni_table()
_VNI_PIECE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_TCVN3_TABLE = str.maketrans(_TCVN3)


def from_tcvn3(text: str) -> str:
    """Capitals with a tone have no codes of their own: a line or a word whose plain letters are all large is large."""
    return "".join(_line_of_tcvn3(line) for line in text.splitlines(keepends=True))


def _line_of_tcvn3(line: str) -> str:
    if _is_large(line, 4):
        return line.translate(_TCVN3_TABLE).upper()
    return re.sub(r"\S+", lambda word: _word_of_tcvn3(word[0]), line)


def _word_of_tcvn3(word: str) -> str:
    after = word.translate(_TCVN3_TABLE)
    return after.upper() if _is_large(word, 2) else after


def _is_large(text: str, least: int) -> bool:
    plain = [letter for letter in text if letter.isascii() and letter.isalpha()]
    return len(plain) >= least and all(letter.isupper() for letter in plain)


def from_vni(text: str) -> str:
    return _VNI_PIECE.sub(lambda match: _VNI[match[0]], text)


def from_mojibake(text: str) -> str:
    """UTF-8 that some program took for Western letters: "Há»™i" is "Hội"."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


WRITINGS: dict[str, Callable[[str], str]] = {"TCVN3": from_tcvn3, "VNI": from_vni, "UTF-8": from_mojibake}


def writing(text: str) -> str:
    """In which old lettering a text is: "TCVN3", "VNI", "UTF-8" (taken for Western letters); "" for Unicode."""
    sample = text[:SAMPLE]
    count, good = shown(sample)
    if count < 5 or good > 0.6 * count:
        return ""
    best, share = "", 0.0
    for name, convert in WRITINGS.items():
        after, right = shown("\n".join(convert(line) for line in sample.splitlines()))
        if after >= 5 and right / after > share:
            best, share = name, right / after
    return best if share >= 0.8 and share > good / count + 0.3 else ""


def put_right(text: str) -> tuple[str, str]:
    """The text in Unicode, and the lettering it was in. Lines that were in Unicode already stay."""
    name = writing(text)
    return mended(text, name), name


def mended(text: str, name: str) -> str:
    """A piece of a text that is in the lettering of that name."""
    if not name:
        return text
    return "".join(
        line if name != "UTF-8" and _is_unicode(line) else _better(line, WRITINGS[name])
        for line in text.splitlines(keepends=True)
    )


def _is_unicode(line: str) -> bool:
    """A letter that neither old lettering has: they know only the 256 signs of a Western page."""
    return any(letter > "\u00ff" and letter.isalpha() for letter in line)


def _better(line: str, convert: Callable[[str], str]) -> str:
    after = convert(line)
    count, good = shown(line)
    later, right = shown(after)
    return after if right * max(count, 1) >= good * max(later, 1) else line


def broken(text: str) -> bool:
    """Whether the letters of a text are lost: signs of a font's own numbering, or marked words that are none."""
    signs = [letter for letter in text[:SAMPLE] if not letter.isspace()]
    lost = sum(unicodedata.category(letter) in ("Co", "Cn", "Cc") or letter == "\ufffd" for letter in signs)
    if lost * 33 > len(signs):
        return True
    count, good = shown(text[:SAMPLE])
    return count >= 20 and good < 0.4 * count


def unmarked(text: str) -> bool:
    """Many words and hardly a Vietnamese mark: what a scanner without Vietnamese leaves behind a picture."""
    words = re.findall(r"[^\W\d_]{2,}", text[:SAMPLE])
    return len(words) >= 40 and shown(text[:SAMPLE])[1] * 12 < len(words)


def shown(text: str) -> tuple[int, int]:
    """How many words have other than plain letters, and how many of these are Vietnamese syllables."""
    words = [word for word in _WORD.findall(nfc(text)) if not word.isascii()]
    return len(words), sum(_is_syllable(word) for word in words)


_WORD = re.compile(r"[^\s!-/:-@\[-`{-~\d…“”‘’–—•]+")
_ONSET = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|b|c|d|đ|g|h|k|l|m|n|p|q|r|s|t|v|x|"
_NUCLEUS = (
    "iêu|yêu|uôi|ươi|ươu|oai|oay|oeo|uya|uyê|uây|uyu|oao|oă|oa|oe|uê|uy|uâ|uơ|iê|yê|uô|ươ|ia|ya|ua|ưa|ai|ao|au|ay|âu|ây|"
    "eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|oo|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
_SYLLABLE = re.compile(f"(?:{_ONSET})(?:{_NUCLEUS})(?:ch|ng|nh|c|m|n|p|t)?$")


@lru_cache(maxsize=20_000)
def _is_syllable(word: str) -> bool:
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = sum(mark in TONES for mark in decomposed)
    bare = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in TONES))
    return tones <= 1 and _SYLLABLE.match(bare) is not None
