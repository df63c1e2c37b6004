"""What the HTTP server loads: `granian --interface wsgi rembug.wsgi:application`."""

import logging
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rembug.settings")

application = get_wsgi_application()


def _look_around() -> None:
    """What the operator should know when the server starts."""
    from rembug.core.apps import disk_check

    for message in disk_check():
        logging.getLogger("rembug").warning("%s", message.msg)


_look_around()
