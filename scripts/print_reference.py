"""Print docs/reference from the code, or check that what is committed is what the code says.

    scripts/print_reference.py [--check]

The pages of tests/spec are run before they are printed: a row that does not hold is printed nowhere. Beside them: which
role may do which verb (giaoban.people.roles), the commands and their help, and the tables of every room.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def spec_pages() -> dict[str, str]:
    from tests.spec import text
    from tests.spec.pages import PAGES

    for page in PAGES:
        for table in page.tables:
            for given, wanted in table.cases():
                if table.run(given) != tuple(text(part) for part in wanted):
                    sys.exit(f"{page.file}, {table.title}: {given} gives {table.run(given)}, not {wanted}")
    return {page.file: page.print() + "\n" for page in PAGES}


def rights_page() -> str:
    from giaoban.people.roles import VERBS, Role
    from tests.spec import grid

    rows = [
        (f"`{code}`", str(verb.name), *("●" if role in verb.roles else "" for role in Role))
        for code, verb in VERBS.items()
    ]
    return page(
        "Rights",
        "Which role may do which verb. A position holds roles over a unit and all below it in one hierarchy, from a "
        "day to a day; a verb without a mark for a role is refused, whoever asks.",
        grid(("verb", "what it does", *(role.label for role in Role)), rows),
        "## Roles",
        grid(("role", "name", "meaning"), [(f"`{role}`", role.label, role.meaning) for role in Role]),
    )


def commands_page() -> str:
    from django.core.management import get_commands, load_command_class

    from tests.spec import grid

    parts = []
    for name, app in sorted(get_commands().items()):
        if str(app).startswith("giaoban."):
            command = load_command_class(app, name)
            parts += [f"## giaoban {name}", command.help, grid(("argument", "meaning"), arguments(command))]
    return page("Commands", "Every command also says this with `--help`.", *filter(None, parts))


def arguments(command: object) -> list[tuple[str, str]]:
    """The command's own arguments, not those that every Django command has."""
    parser = argparse.ArgumentParser(add_help=False)
    command.add_arguments(parser)
    return [
        (f"`{written(action)}`", action.help or "") for action in parser._actions if action.help != argparse.SUPPRESS
    ]


def written(action: argparse.Action) -> str:
    """As it is typed: `--units UNIT …`, `[--json]`, `{compact,rebuild,verify}`."""
    value = action.metavar or ("{" + ",".join(map(str, action.choices)) + "}" if action.choices else action.dest)
    taken = "" if action.nargs == 0 else str(value if action.option_strings == [] or action.choices else value.upper())
    many = " …" if action.nargs in ("+", "*") else ""
    text = " ".join(filter(None, (action.option_strings[0] if action.option_strings else "", taken))) + many
    return text if action.required or not action.option_strings else f"[{text}]"


def tables_page() -> str:
    from django.apps import apps

    from tests.spec import grid

    parts = []
    for config in apps.get_app_configs():
        models = [model for model in config.get_models() if model.__module__.startswith("giaoban.")]
        if models:
            rows = [
                (
                    f"`{model.__name__}`",
                    " ".join((model.__doc__ or "").split()) if not plain(model) else "",
                    ", ".join(field.name for field in model._meta.fields if field.name != "id"),
                )
                for model in models
            ]
            parts += [f"## {config.label}", grid(("table", "what a row is", "fields"), rows)]
    return page("Tables", "The record, room by room. What is derived can be rebuilt from the rest.", *parts)


def plain(model: type) -> bool:
    """Whether the docstring is Django's own list of fields."""
    return (model.__doc__ or "").startswith(f"{model.__name__}(")


def page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", "*Printed from the code; do not edit.*", *parts]) + "\n"


def pages() -> dict[str, str]:
    from django.utils import translation

    with translation.override("vi"):
        found = spec_pages() | {"rights.md": rights_page(), "tables.md": tables_page(), "commands.md": commands_page()}
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--check", action="store_true", help="change nothing; fail when a committed page differs")
    check = options.parse_args().check
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giaoban.settings")
    with tempfile.TemporaryDirectory() as home:
        os.environ["GIAOBAN_HOME"] = home
        import django

        django.setup()
        wanted = pages()
    REFERENCE.mkdir(parents=True, exist_ok=True)
    kept = {path.name: path.read_text(encoding="utf-8") for path in REFERENCE.glob("*.md")}
    differ = sorted(name for name in wanted.keys() | kept.keys() if wanted.get(name) != kept.get(name))
    if check:
        for name in differ:
            print(f"docs/reference/{name} is not what the code says: make docs")
        return 1 if differ else 0
    for name in differ:
        if name in wanted:
            (REFERENCE / name).write_text(wanted[name], encoding="utf-8")
        else:
            (REFERENCE / name).unlink()
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
