from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "giaoban.desk"

    def ready(self) -> None:
        """The worker finds this room's work by its name."""
        import giaoban.desk.scans  # noqa: F401
