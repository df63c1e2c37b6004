"""What the HTTP server loads: `granian --interface wsgi rembug.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rembug.settings")

application = get_wsgi_application()
