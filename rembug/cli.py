"""The `rembug` command: Django's management commands under the project's own settings."""

import os
import sys


def main(argv=None):
    """Run one management command; `load-city` and `load_city` are the same command.

    Takes the arguments after the program's name (those of the shell by default) and exits as the
    command does.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rembug.settings")
    words = list(sys.argv[1:] if argv is None else argv)
    if words and not words[0].startswith("-"):
        words[0] = words[0].replace("-", "_")
    # Django looks commands up only after the settings are known, hence not at the top.
    from django.core.management import execute_from_command_line

    execute_from_command_line(["rembug", *words])


if __name__ == "__main__":
    main()
