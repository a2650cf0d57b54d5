"""Every change of this room. Each verb is one transaction and one journal event; refusals stand in `refusals`."""

from giaoban.indicators.actions.catalogue import (
    LineSpec,
    RuleSpec,
    add_formula,
    add_member,
    define_dimension,
    define_element,
    define_indicator,
    define_series,
    publish_sheet,
    retire_sheet,
    set_target,
    withdraw_target,
)
from giaoban.indicators.actions.entry import Typed, save_draft, submit
from giaoban.indicators.actions.review import (
    accept,
    reopen,
    return_report,
    return_reports,
    sign_off,
    withdraw,
)
from giaoban.indicators.actions.rounds import (
    Reminded,
    StepSpec,
    cancel_round,
    lock_round,
    open_round,
    remind_late,
    reminder_text,
)
from giaoban.indicators.actions.series import SeriesRow, import_series

__all__ = [
    "LineSpec",
    "Reminded",
    "RuleSpec",
    "SeriesRow",
    "StepSpec",
    "Typed",
    "accept",
    "add_formula",
    "add_member",
    "cancel_round",
    "define_dimension",
    "define_element",
    "define_indicator",
    "define_series",
    "import_series",
    "lock_round",
    "open_round",
    "publish_sheet",
    "remind_late",
    "reminder_text",
    "reopen",
    "retire_sheet",
    "return_report",
    "return_reports",
    "save_draft",
    "set_target",
    "sign_off",
    "submit",
    "withdraw",
    "withdraw_target",
]
