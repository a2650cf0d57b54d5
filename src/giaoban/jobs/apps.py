from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "giaoban.jobs"

    def ready(self) -> None:
        """Wake-ups are signed by a key of their own, not the site's."""
        from giaoban.jobs.waking import take_own_key

        take_own_key()
