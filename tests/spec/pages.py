"""The pages of the reference that are tests, in their order."""

from tests.spec import figures, formulas, periods, roll_up, working_days

PAGES = [periods.PAGE, working_days.PAGE, figures.PAGE, formulas.PAGE, roll_up.PAGE]
