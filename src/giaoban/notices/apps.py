from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "giaoban.notices"

    def ready(self) -> None:
        """The job that hands mail over is known to the worker."""
        from giaoban.notices import jobs  # noqa: F401
