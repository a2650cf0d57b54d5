"""Plugs the rights of people into the units, one storey down (see orgs.rights)."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "giaoban.people"

    def ready(self) -> None:
        from giaoban.orgs import rights
        from giaoban.people import guards, queries

        rights.install(require=queries.require, where=queries.units_where, guard=guards.signed_in)
