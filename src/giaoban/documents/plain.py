"""The text of an uploaded file, so that it can be read and searched beside the file itself."""

from __future__ import annotations

from giaoban.files import opening


def text_of(file: tuple[str, bytes] | None) -> str:
    """Empty where there is no file, or one that holds no text we can read (a scan, a sheet): it is kept all the same.

    A file with macros, or one that unpacks to far more than it shows, is not kept at all: that refusal goes on.
    """
    if file is None:
        return ""
    try:
        return opening.text(*file)
    except (opening.Macros, opening.UnpacksTooLarge):
        raise
    except opening.NotOpened:
        return ""
