"""Plugs the rights of people into the units, and who acts into the jobs, below (see orgs.rights, jobs.registry)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from giaoban.journal.actor import Actor


class PeopleConfig(AppConfig):
    name = "giaoban.people"

    def ready(self) -> None:
        from giaoban.jobs import registry
        from giaoban.orgs import rights
        from giaoban.people import guards, middleware, queries

        rights.install(require=queries.require, where=queries.units_where, guard=guards.signed_in)
        registry.install(clock=middleware.now, actor=_actor)


def _actor(account_id: int, position_id: int | None, on: date) -> Actor:
    """Who a job is done for; NotAllowed once they have left the position it was asked from."""
    from giaoban.core.refusal import NotAllowed
    from giaoban.people import queries
    from giaoban.people.models import Account

    account = Account.objects.filter(pk=account_id).first()
    if account is None or position_id is None:
        raise NotAllowed()
    return queries.actor(account, position_id, on)
