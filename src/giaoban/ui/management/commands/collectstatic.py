"""giaoban collectstatic: Django's own, always into hashed and compressed files.

The settings serve hashed names once there is a manifest; the first collection, which makes it, must not wait for that.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands import collectstatic

from giaoban.ui.storage import HashedFiles


class Command(collectstatic.Command):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = HashedFiles(location=settings.STATIC_ROOT, base_url=settings.STATIC_URL)
