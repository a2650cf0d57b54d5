"""Entry of the application server: `gunicorn giaoban.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giaoban.settings")
application = get_wsgi_application()

# What the start made stays as long as the process: a collection amid a request, 100 ms, need not walk through it.
gc.collect()
gc.freeze()
