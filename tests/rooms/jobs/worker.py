"""`python -m tests.rooms.jobs.worker`: a worker that knows `handlers` and loses patience within seconds."""

import sys
from datetime import timedelta

import django

if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    from giaoban.jobs import working
    from giaoban.jobs.management.commands import work
    from tests.rooms.jobs import handlers  # noqa: F401 - registers them

    working.SILENT, working.BEAT = timedelta(seconds=3), 0.5
    work.SWEEP, work.PATIENCE = 1.0, 5.0
    call_command("work", *sys.argv[1:])
