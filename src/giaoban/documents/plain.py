"""The text of an uploaded file, so that it can be read and searched beside the file itself."""

from __future__ import annotations

from giaoban.files import opening


def text_of(file: tuple[str, bytes] | None) -> str:
    """Empty where there is no file, or one whose text cannot be read (a long scan): it is kept all the same.

    What bears a mark of secrecy, carries macros, or unpacks to far more than it shows is not kept: that refusal
    goes on.
    """
    if file is None:
        return ""
    try:
        return opening.text(*file, opening.QUICK)
    except (opening.Marked, opening.Macros, opening.UnpacksTooLarge, opening.TooManyDots):
        raise
    except opening.NotOpened:
        return ""
