"""Static files under names that carry the hash of their content: compressed, kept by browsers for ever."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Also the modules that our scripts import get their hashed names, or a browser would ask for them on every visit.

    Only our own: packages of others say "import" in comments and type files too, where Django would look for a file.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        _, imports = self._js_module_import_aggregation_patterns
        rooms = [app.label for app in apps.get_app_configs() if app.name.startswith("giaoban.")]
        self.patterns = (*self.patterns, *((f"{room}/*.js", imports) for room in rooms))
        super().__init__(*args, **kwargs)
