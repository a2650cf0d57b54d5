"""`giaoban administrator USERNAME`: the first account of a new installation, or one more administrator."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from giaoban.core.refusal import Refused
from giaoban.journal.actions import writing
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import queries as orgs
from giaoban.people import actions
from giaoban.people.refusals import sentences
from giaoban.people.roles import Role


class Command(BaseCommand):
    help = "Create an administrator's account with its position. The password is asked for, or read with --stdin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--full-name", required=True)
        parser.add_argument("--unit", type=int, default=orgs.COUNTRY_ID, help="number of the unit (default: Việt Nam)")
        parser.add_argument("--title", default="Quản trị hệ thống")
        parser.add_argument("--stdin", action="store_true", help="read the password from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\n") if options["stdin"] else getpass("Mật khẩu: ")
        at = timezone.now()
        with translation.override("vi"):
            try:
                with writing(by=SYSTEM, at=at, verb="account.take_on", unit_id=options["unit"]) as entry:
                    entry.subject = account = actions.create_account(
                        by=SYSTEM,
                        at=at,
                        unit=options["unit"],
                        username=options["username"],
                        full_name=options["full_name"],
                        password=password,
                        must_change_password=False,
                    )
                    position = actions.create_position(by=SYSTEM, at=at, unit=options["unit"], title=options["title"])
                    actions.grant(by=SYSTEM, at=at, position=position, role=Role.ADMINISTRATOR)
                    actions.appoint(by=SYSTEM, at=at, position=position, account=account)
            except Refused as refused:
                raise CommandError(" ".join(sentences(refused))) from refused
        self.stdout.write(f"{account.username}: {options['title']}")
