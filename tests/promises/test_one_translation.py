"""The catalogues of all rooms are merged, the first room winning: one English id means one thing everywhere."""

from collections import defaultdict
from pathlib import Path

import polib

ROOMS = Path(__file__).resolve().parents[2] / "src" / "giaoban"


def test_one_message_id_has_one_vietnamese():
    said: dict[tuple[str | None, str], dict[str, str]] = defaultdict(dict)
    for catalogue in ROOMS.glob("*/locale/vi/LC_MESSAGES/django.po"):
        room = catalogue.relative_to(ROOMS).parts[0]
        for entry in polib.pofile(str(catalogue)):
            if entry.msgstr and not entry.obsolete:
                said[entry.msgctxt, entry.msgid][room] = entry.msgstr
    clashes = [f"{key[1]!r}: {rooms}" for key, rooms in sorted(said.items(), key=str) if len(set(rooms.values())) > 1]
    assert not clashes, "say it in other English, or give it a context (pgettext):\n" + "\n".join(clashes)
