"""`giaoban journal verify`: follow the chain of the journal from its first line to its last.

The chain shows a changed or removed line. That lines are missing at the end it cannot show by itself: note the last
fingerprint elsewhere (on paper, in another system), and give it to `--contains` next time.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from giaoban.journal.models import Event
from giaoban.journal.queries import broken_link
from giaoban.people.queries import chain_end


class Command(BaseCommand):
    help = "Verify that no line of the journal was changed or removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("do", choices=["verify"])
        parser.add_argument(
            "--contains", metavar="FINGERPRINT", help="a fingerprint noted earlier, which must be there"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = broken_link()
        if broken is not None:
            raise CommandError(f"The chain breaks at line {broken.seq} of {broken.at:%d/%m/%Y %H:%M}: {broken.verb}")
        noted = options["contains"]
        if noted and not Event.objects.filter(hash=noted).exists():
            raise CommandError(f"No line has the fingerprint {noted}: lines at the end were removed.")
        end = chain_end()
        self.stdout.write(f"Whole: {end.total} lines, last fingerprint {end.hash or '(none)'}")
