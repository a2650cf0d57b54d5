"""The `giaoban` command: every verb is a management command of the room that owns it."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giaoban.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("GIAOBAN_DEMO", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
