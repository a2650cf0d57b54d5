from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Tells the register, a room below, how far the tasks of its documents are."""

    name = "giaoban.work"
    label = "work"

    def ready(self) -> None:
        from giaoban.documents import progress
        from giaoban.work import telling  # noqa: F401  # what other systems are told of tasks, meetings and documents
        from giaoban.work.queries.of_documents import done_of_documents

        progress.install(done_of_documents)
