"""Tells the operator before the disk is full: every `rembug` command looks, and the server when it starts."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from rembug.core.troubles import nearly_full


class CoreConfig(AppConfig):
    name = "rembug.core"

    def ready(self) -> None:
        register(disk_check)


def disk_check(app_configs: Any = None, **_more: Any) -> list[CheckMessage]:
    """A warning while little room is left where the data lie."""
    told = nearly_full(settings.VAR)
    return [Warning(told, id="rembug.W001")] if told else []
