from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "giaoban.intake"

    def ready(self) -> None:
        """The worker finds this room's work by its name."""
        import giaoban.intake.jobs  # noqa: F401
