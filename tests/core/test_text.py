import unicodedata

from giaoban.core import text


def test_composition_does_not_matter():
    for word in ("Đồng Nai", "Thừa Thiên Huế", "Ðắk Lắk"):
        loose = unicodedata.normalize("NFD", word)
        assert text.fold(loose) == text.fold(word)
        assert text.nfc(loose) == text.nfc(word)
        assert text.sort_key(loose) == text.sort_key(word)


def test_keys_are_ascii_so_that_every_database_sorts_alike():
    assert text.sort_key("Ủy ban nhân dân xã Nghĩa Đô – số 12").isascii()


def test_the_alphabet_comes_in_its_order():
    words = [
        "a",
        "ă",
        "â",
        "b",
        "c",
        "d",
        "đ",
        "e",
        "ê",
        "g",
        "h",
        "i",
        "k",
        "l",
        "m",
        "n",
        "o",
        "ô",
        "ơ",
        "p",
        "q",
        "r",
        "s",
        "t",
        "u",
        "ư",
        "v",
        "x",
        "y",
    ]
    words += ["ya", "yă", "yâ"]
    assert sorted(sorted(words, key=len, reverse=True), key=text.sort_key) == words
    words = ["an", "az", "ăn", "ân", "ba"]
    assert sorted(set(words), key=text.sort_key) == words


def test_letters_before_tones_before_case():
    assert sorted(["bán", "bàn a", "Ban", "ban"], key=text.sort_key) == ["ban", "Ban", "bán", "bàn a"]
