"""Fail when a message id in the code has no Vietnamese, or a catalogue has fuzzy or obsolete entries.

Collects the messages anew in a copy of the rooms (Debian's gettext), so the work tree is left as it is.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import make_messages
import polib


def faults(room: Path) -> list[str]:
    catalogue = polib.pofile(str(room / "locale" / "vi" / "LC_MESSAGES" / "django.po"))
    found = [f"{room.name}: not translated: {entry.msgid!r}" for entry in catalogue.untranslated_entries()]
    found += [f"{room.name}: fuzzy: {entry.msgid!r}" for entry in catalogue.fuzzy_entries()]
    return found + [f"{room.name}: no longer in the code: {entry.msgid!r}" for entry in catalogue.obsolete_entries()]


def main() -> int:
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for room in sorted(path for path in make_messages.ROOT.iterdir() if path.is_dir()):
            if room.name == "__pycache__":
                continue
            copy = Path(folder) / room.name
            shutil.copytree(room, copy, ignore=shutil.ignore_patterns("__pycache__", "*.csv", "*.gz", "*.mo"))
            make_messages.collect(copy)
            if (copy / "locale" / "vi" / "LC_MESSAGES" / "django.po").exists():
                found += faults(copy)
    for line in found:
        print(line)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
