"""`flush` empties a test database between tests; any other database keeps its journal, so the command refuses."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from giaoban.journal.append_only import OTHERS, seal, unseal


class Command(flush.Command):
    help = "Empty a test database. Refused on any other: the journal is append-only."

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if not is_test_database(connection):
            raise CommandError("This database holds a journal, which is never emptied. Remove the database instead.")
        seals = [(seal, unseal), *OTHERS]
        for _seal, undo in seals:
            undo(connection)
        try:
            super().handle(*args, **options)
        finally:
            for redo, _unseal in seals:
                redo(connection)


def is_test_database(connection: BaseDatabaseWrapper) -> bool:
    """Django names a test database test_… and keeps SQLite's in memory."""
    name = str(connection.settings_dict["NAME"])
    return "mode=memory" in name or PurePath(name).name.startswith("test_")
