"""The overview: the indicators of one unit in one period on one map, compared with others, on its way through time.

Compared are the units directly below, in any hierarchy, or the unit's *peers*: those of its level that hold the same
value of a dated attribute on the day of the map (communes of zone III with communes of zone III); or comparable areas.
"""

from giaoban.desk.areas import AREAS
from giaoban.desk.overview.drawing import TWO_LEVELS, Look, bars_of, look, since_first, trend_of
from giaoban.desk.overview.place import Absence
from giaoban.desk.overview.rows import Row, printed, short_label, sorted_rows
from giaoban.desk.overview.sight import default_unit, life, may_look, periods_with_figures, series_choices
from giaoban.desk.overview.wanted import (
    AreasUnfiltered,
    BadDay,
    UnknownHierarchy,
    Wanted,
    known_hierarchy,
    query,
    read_map,
    write_map,
)

__all__ = [
    "AREAS",
    "TWO_LEVELS",
    "Absence",
    "AreasUnfiltered",
    "BadDay",
    "Look",
    "Row",
    "UnknownHierarchy",
    "Wanted",
    "bars_of",
    "default_unit",
    "known_hierarchy",
    "life",
    "look",
    "may_look",
    "periods_with_figures",
    "printed",
    "query",
    "read_map",
    "series_choices",
    "short_label",
    "since_first",
    "sorted_rows",
    "trend_of",
    "write_map",
]
