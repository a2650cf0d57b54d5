"""Collect the English message ids of every room into its Vietnamese catalogue (needs Debian's gettext).

    scripts/make_messages.py [ROOM …]

A room is a folder of src/giaoban with a locale/ folder. Translations already written are kept; new ids are empty
until somebody writes the Vietnamese, and `scripts/check_translations.py` fails on them.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src" / "giaoban"


# `sentence("…")` marks what a verb refuses (core.refusal): core knows no Django, so it is a keyword of our own.
MAKE = """
from django.core.management import execute_from_command_line
from django.core.management.commands.makemessages import Command
Command.xgettext_options = [*Command.xgettext_options, "--keyword=sentence"]
execute_from_command_line(["django", "makemessages", "--locale=vi", "--no-location", "--no-wrap",
                           "--extension=html,py,txt", "--verbosity=0"])
"""


def collect(room: Path) -> None:
    (room / "locale" / "vi" / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-P", "-c", MAKE], cwd=room, check=True)


def main(names: list[str]) -> int:
    rooms = [ROOT / name for name in names] or sorted(path.parent for path in ROOT.glob("*/locale"))
    for room in rooms:
        collect(room)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
