from django.apps import AppConfig
from django.db.models.signals import post_migrate

from giaoban.documents import wordlist


class DocumentsConfig(AppConfig):
    name = "giaoban.documents"
    label = "documents"

    def ready(self) -> None:
        post_migrate.connect(wordlist.after_migrations, sender=self)
