"""Every change of units. Each verb checks rights (`rights.require`), refuses by name (`refusals`), brings the derived
tables up to date for what it touched, and leaves one event in the journal."""

from giaoban.orgs.actions.calling import forget_name, remember_name
from giaoban.orgs.actions.changing import (
    close,
    mark,
    move,
    move_many,
    reclassify,
    recode,
    record_decision,
    rename,
    reopen,
)
from giaoban.orgs.actions.decreeing import carry_out
from giaoban.orgs.actions.founding import establish, establish_from_table, establish_many, establish_offices
from giaoban.orgs.actions.hierarchies import name_hierarchy
from giaoban.orgs.actions.placing import declare_shares, place
from giaoban.orgs.actions.reorganising import divide, merge, reorganise
from giaoban.orgs.actions.undoing import undo
from giaoban.orgs.decree_tables import steps_from_table
from giaoban.orgs.derived import rebuild_closure, rebuild_snapshots
from giaoban.orgs.founding import Became, Founding, Part
from giaoban.orgs.loading import Progress, load_administrative_units, load_kinds

__all__ = [
    "Became",
    "Founding",
    "Part",
    "Progress",
    "carry_out",
    "close",
    "declare_shares",
    "divide",
    "establish",
    "establish_from_table",
    "establish_many",
    "establish_offices",
    "forget_name",
    "load_administrative_units",
    "load_kinds",
    "mark",
    "merge",
    "move",
    "move_many",
    "name_hierarchy",
    "place",
    "rebuild_closure",
    "rebuild_snapshots",
    "reclassify",
    "recode",
    "record_decision",
    "remember_name",
    "rename",
    "reopen",
    "reorganise",
    "steps_from_table",
    "undo",
]
