"""What the entry page carries so that a browser can check by itself: trees of rules and totals, cells, bounds.

The one source of the browser's interpreter (static/indicators/formula.js). Integers are text, so that no reader rounds
them; sentences come ready in the reader's language, with the places the browser fills.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from giaoban.core import formula as language
from giaoban.indicators import refusals
from giaoban.indicators.models import Report, SheetLine, SheetRule
from giaoban.indicators.models.catalogue import Severity
from giaoban.indicators.queries import reports
from giaoban.indicators.queries.bounds import PERIOD_BEFORE, SAME_PERIOD, Bound, Bounds
from giaoban.indicators.queries.findings import by_element, rules_here

READ = (
    refusals.BadCellNumber,
    refusals.TooManyDecimals,
    refusals.NotWholeNumber,
    refusals.NegativeNumber,
    refusals.NumberTooLarge,
)
"""What the browser can refuse by itself, in the words of the server."""


def data_of(report: Report, on: date) -> dict[str, Any]:
    """Rules, computed lines, cells, what is usual, and figures of other sheets; own figures stand in the fields."""
    lines = reports.asked(report)
    bounds = Bounds(report, lines)
    index = by_element(row.cell for row in lines if row.cell_id)
    rules = rules_here(SheetRule.objects.filter(sheet=report.sheet_id), index, bounds.earlier)
    return {
        "report": str(report.pk),
        "version": report.draft_version,
        "cells": [_cell(row) for row in lines if row.cell_id],
        "totals": list(_totals(lines)),
        "rules": [_rule(row, expression) for row, expression in rules],
        "bounds": _bounds(bounds.all()),
        "values": _foreign(report, lines),
        "words": words(),
    }


def _cell(row: SheetLine) -> dict[str, Any]:
    cell = row.cell
    return {
        "id": str(cell.pk),
        "key": cell.key,
        "element": cell.element_id,
        "members": cell.members,
        "scale": cell.element.scale,
        "own": row.owns,
        "words": row.words,
    }


def _totals(lines: Sequence[SheetLine]) -> Iterable[dict[str, Any]]:
    """Computed lines; `sums` names the cells of a plain sum, which shows what is there and how many are not."""
    cells = [row.cell for row in lines if row.cell_id]
    for row in lines:
        if row.cell_id is None:
            expression = language.parse(row.expression)
            yield {
                "order": row.order,
                "tree": language.to_json(expression),
                "unit": row.unit,
                "sums": [str(cell) for cell in reports.plain_sum(expression, cells)],
            }


def _rule(row: SheetRule, expression: language.Expression) -> dict[str, Any]:
    return {"tree": language.to_json(expression), "sentence": row.sentence, "hard": row.severity == Severity.HARD}


def _bounds(found: Mapping[int, Sequence[Bound]]) -> dict[str, list[dict[str, Any]]]:
    return {str(cell): [_bound(one) for one in bounds] for cell, bounds in found.items()}


def _bound(one: Bound) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "low": _text(one.low),
        "high": _text(one.high),
        "before": _text(one.before),
        "against": one.against,
        "asks": one.needs_words,
        "usual": one.usual,
        "words": one.words,
        "above": one.above,
        "below": one.below,
    }


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def _foreign(report: Report, lines: Sequence[SheetLine]) -> dict[str, str | None]:
    """Figures of cells that another sheet owns, as they count."""
    owned = {row.cell_id for row in lines if row.owns}
    found = reports.shown_values(report, lines, reports.held(report))
    return {str(cell): _text(value) for cell, value in found.items() if cell not in owned}


def words() -> dict[str, Any]:
    """Sentences with places; the same ids as the server's own, so that both say the same."""
    return {
        "faults": {one.__name__: _(one.sentence) for one in READ},
        "change": {
            "nought": _("%(cell)s: %(before)s in %(when)s, now %(value)s"),
            "times": _("%(cell)s is %(times)s times that of %(when)s (%(before)s → %(value)s)"),
            "up": _("%(cell)s is up %(percent)s%% on %(when)s (%(before)s → %(value)s)"),
            "down": _("%(cell)s is down %(percent)s%% on %(when)s (%(before)s → %(value)s)"),
        },
        "when": {SAME_PERIOD: _("the same period last year"), PERIOD_BEFORE: _("the period before")},
        "unusual": _("%(cell)s: %(value)s. %(why)s"),
        "blank": _("%(cell)s: no figure."),
        "points": [ngettext("%(n)s point to look at", "%(n)s points to look at", n) for n in (1, 2)],
        "explained": _("Explained: %(words)s"),
        "usual": _("usually %(usual)s"),
        "partial": _("%(n)s cells empty"),
        "filled": _("%(filled)s/%(asked)s cells"),
        "saving": _("Saving …"),
        "line": _line_words(),
    }


def _line_words() -> dict[str, str]:
    """What the page says of the line and of what waits for it."""
    return {
        "waiting": _("%(n)s cells wait to be sent"),
        "offline": _("No connection. Go on typing: everything is kept on this machine and checked as usual."),
        "fleeting": _(
            "No connection. This browser keeps nothing for this page: leave it open until the figures have been sent."
        ),
        "signed_out": _("The session has ended. Sign in again: everything typed is kept on this machine."),
        "other_account": _("Another account is signed in here. These figures wait for %(name)s."),
        "wrong": _("Some cells are not saved yet: see the marked ones."),
        "chosen": _("Some cells wait for your choice: see above."),
        "elsewhere": _("This report is open in another tab as well: type there."),
        "wish": _("Not handed in yet. When the line is back and everything is sent, this page asks once more."),
        "ready": _("Everything has been sent. The report is not handed in yet: hand it in now?"),
        "kept": _("This page can be opened without a connection on this machine."),
        "cannot": _("Opening this page without a connection needs HTTPS; typing goes on as long as it stays open."),
        "leaving": _("%(n)s cells have not been sent. They stay on this machine until you sign in again. Sign out?"),
        "copied": _("Copied"),
    }
