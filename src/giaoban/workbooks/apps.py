from django.apps import AppConfig


class WorkbooksConfig(AppConfig):
    name = "giaoban.workbooks"

    def ready(self) -> None:
        """The worker finds this room's work by its name."""
        import giaoban.workbooks.jobs  # noqa: F401
