"""Words of this room's codes, as screens say them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from giaoban.core.period import KIND_LABELS, Kind
from giaoban.intake import checks, reading
from giaoban.intake import spec as specs

ROLES: dict[str, str | Promise] = {
    specs.NAME: _("Name of the unit"),
    specs.CODE: _("Code of the unit"),
    specs.PLACE: _("Where the unit lies"),
    specs.PERIOD: _("Period"),
    specs.VARIABLE: _("What is counted"),
    specs.VALUE: _("Figures"),
    specs.COUNT: _("Count the lines"),
    specs.FLAG: _("Mark of preliminary figures"),
    specs.IGNORE: _("Leave it out"),
}
LINES: dict[str, str | Promise] = {
    "": _("as guessed"),
    specs.DATA: _("figures"),
    specs.SECTION: _("section"),
    specs.TOTAL: _("total"),
    specs.SKIP: _("leave out"),
}
USES: dict[str, str | Promise] = {
    specs.FIGURE: _("Figure of"),
    specs.SUM: _("Printed sum of"),
    specs.LEAVE: _("Leave it out"),
}
LEVELS: dict[str, str | Promise] = {
    "province": _("Provinces"),
    "district": _("Districts (until 30/6/2025)"),
    "commune": _("Communes and wards"),
    "school": _("Schools and centres"),
    "": _("Any unit"),
}
STYLES: dict[str, str | Promise] = {
    "auto": _("as the table shows"),
    "vi": _("1.234,5"),
    "en": _("1,234.5"),
}
DASHES: dict[str, str | Promise] = {"missing": _("no figure"), "nil": _("nought (nothing happened)")}
KINDS = {
    kind.value: KIND_LABELS[kind]
    for kind in (
        Kind.SCHOOL_YEAR_START,
        Kind.SCHOOL_YEAR_END,
        Kind.SCHOOL_YEAR,
        Kind.SEMESTER_1,
        Kind.SEMESTER_2,
        Kind.CALENDAR_YEAR,
        Kind.YEAR,
    )
}
FAULTS: dict[str, str | Promise] = {
    reading.NOT_A_NUMBER: _("“%(text)s” is not a number"),
    reading.NEGATIVE: _("“%(text)s” is below nought"),
    reading.DECIMALS: _("“%(text)s” has too many decimals; at most %(more)s. A factor, or rounding, may be missing"),
    reading.TOO_LARGE: _("“%(text)s” is too large"),
    reading.NO_SUCH_PERIOD: _("“%(text)s” is no period of this kind"),
    reading.NO_PERIOD: _("no period is given"),
    reading.NOT_THEN: _("“%(text)s” did not exist in the period %(more)s"),
    reading.TWICE: _("“%(text)s”: another figure stands for the same in %(more)s"),
    reading.NO_UNIT: _("the table does not say whose figures these are"),
}
FAULT_KINDS: dict[str, str | Promise] = {
    reading.NOT_A_NUMBER: _("Not a number"),
    reading.NEGATIVE: _("Below nought"),
    reading.DECIMALS: _("Too many decimals"),
    reading.TOO_LARGE: _("Too large"),
    reading.NO_SUCH_PERIOD: _("Not a period"),
    reading.NO_PERIOD: _("Period missing"),
    reading.NOT_THEN: _("The unit did not exist then"),
    reading.TWICE: _("Given twice, differently"),
    reading.NO_UNIT: _("No unit"),
}
OUTSIDE: dict[str, str | Promise] = {
    "unit": _("of units the round does not ask"),
    "period": _("of another period than the round's"),
    "cell": _("that the sheet does not ask"),
}
ODD: dict[str, str | Promise] = {
    checks.JUMP: _("leap against the period before"),
    checks.LEVEL: _("unlike the rest of its series"),
    checks.PEERS: _("changes unlike the other units"),
    checks.UNIT_OF_MEASURE: _("the measure seems to change here"),
}


def fault(kind: str, text: str, more: str) -> str:
    """One fault in words."""
    return str(FAULTS[kind]) % {"text": text, "more": more}


def odd(kind: str, cause: str) -> str:
    """Why a value is listed, and what is known of it."""
    words = str(ODD[kind])
    return f"{words}; {now('the unit changed on %(day)s') % {'day': cause}}" if cause else words
