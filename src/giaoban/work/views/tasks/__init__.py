"""Pages of tasks: the table, giving one, one task with its verbs, the export."""

from giaoban.work.views.tasks.assigning import assign, due_means
from giaoban.work.views.tasks.finding import find
from giaoban.work.views.tasks.listing import export, tasks
from giaoban.work.views.tasks.one import evidence, page, task
from giaoban.work.views.tasks.verbs import act

__all__ = ["act", "assign", "due_means", "evidence", "export", "find", "page", "task", "tasks"]
