"""Statements asked with every request: PostgreSQL plans each of them once for a connection, not once for a request.

Planning who may do what takes ten times as long as finding it out. Written as SQL by hand, in words both databases
know; all values come as parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

Model = TypeVar("Model", bound=models.Model)


def ask(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows a statement finds; it stands in the list of statements like any other of Django's."""
    with _cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def tell(statement: str, values: Sequence[Any]) -> int:
    """Do what a statement says; how many rows it met."""
    with _cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def row(model: type[Model], key: Any, *, for_update: bool = False) -> Model | None:
    """`model.objects.filter(pk=key).first()`; `for_update` holds the row to the end of the transaction."""
    columns = _columns(model)
    names = ", ".join(f'"{one.column}"' for one, _ in columns)
    lock = " FOR UPDATE" if for_update and connection.features.has_select_for_update else ""
    statement = f'SELECT {names} FROM "{model._meta.db_table}" WHERE "{model._meta.pk.column}" = %s{lock}'  # noqa: S608  # names of our own tables
    found = ask(statement, [key])
    if not found:
        return None
    values = list(found[0])
    for place, (_, converters) in enumerate(columns):
        for convert in converters:
            values[place] = convert(values[place], None, connection)
    return model.from_db(connection.alias, [one.attname for one, _ in columns], values)


@cache
def _columns(model: type[models.Model]) -> list[tuple[Any, list[Any]]]:
    """Each field with what makes its value of what the database gives."""
    fields = model._meta.concrete_fields
    expressions = [one.get_col(model._meta.db_table) for one in fields]
    return [
        (one, [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)])
        for one, expression in zip(fields, expressions, strict=True)
    ]


def _cursor() -> Any:
    """Django's cursor, on PostgreSQL around one that prepares; Django's own puts values into the text instead."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    import psycopg

    connection.ensure_connection()
    kept = connection.connection
    kept.prepare_threshold = 0
    around: Any = connection
    return around._prepare_cursor(psycopg.Cursor(kept))
