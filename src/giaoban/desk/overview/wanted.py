"""What the address of the overview asks for, read and written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.http import urlencode

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Map
from giaoban.core.period import Period
from giaoban.core.refusal import Refused, sentence
from giaoban.desk.areas import AREAS
from giaoban.indicators.models import REPORT_SERIES
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; every filter stands in it, so that a view can be sent to a colleague."""

    unit_id: int
    period: Period
    map: Map
    indicator: str
    series: str = REPORT_SERIES
    everything: bool = False
    sort: str = ""
    hierarchy: str = TERRITORY
    where: tuple[tuple[str, str], ...] = ()
    """Only figures of units that hold these attributes on the day of the map."""
    beside: str = ""
    """An attribute: compare with the units that hold the same value of it; else with those directly below."""


def query(wanted: Wanted) -> str:
    """The filters as they stand in the address."""
    shown = {
        "don-vi": wanted.unit_id,
        "ky": wanted.period.code,
        "ban-do": write_map(wanted.map),
        "chi-tieu": wanted.indicator,
        "nguon": "" if wanted.series == REPORT_SERIES else wanted.series,
        "het": "1" if wanted.everything else "",
        "xep": wanted.sort,
        "he": "" if wanted.hierarchy == TERRITORY else wanted.hierarchy,
        "loc": ",".join(f"{attribute}:{value}" for attribute, value in wanted.where),
        "so": wanted.beside,
    }
    return urlencode({name: value for name, value in shown.items() if value})


class BadDay(Refused):
    """The map asked for is no day."""

    sentence = sentence("“%(text)s” is not a day; write for example 30/06/2025.")
    field = "ngay"


class AreasUnfiltered(Refused):
    """Areas are compared whole."""

    sentence = sentence("Comparable areas cannot be narrowed to units with an attribute; choose another map.")
    field = "loc"


class UnknownHierarchy(Refused):
    """No hierarchy has this code."""

    sentence = sentence("There is no hierarchy with the code “%(code)s”.")
    field = "he"


def known_hierarchy(code: str) -> str:
    if code != TERRITORY and not orgs.hierarchies().filter(code=code).exists():
        raise UnknownHierarchy(code=code)
    return code


def write_map(map: Map) -> str:
    return {analytics.AS_WAS: "luc-do", analytics.TODAY: "hom-nay", AREAS: "vung"}.get(map) or map.isoformat()


def read_map(text: str) -> Map:
    """ "luc-do", "hom-nay", "vung" (comparable areas) or a day, written 2025-06-30 or 30/06/2025."""
    if text in ("", "hom-nay"):
        return analytics.TODAY
    if text == "luc-do":
        return analytics.AS_WAS
    if text == "vung":
        return AREAS
    found = re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)/(\d\d?)/(\d{4})", text.strip())
    try:
        year, month, day = [found[i] for i in ((1, 2, 3) if found[1] else (6, 5, 4))]
        return date(int(year), int(month), int(day))
    except (TypeError, ValueError):
        raise BadDay(text=text) from None
