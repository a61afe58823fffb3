"""Plug-ins: modules with a TITLE and urlpatterns, imported by the names in settings.PLUGINS."""

from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.http import HttpRequest


def modules() -> dict[str, ModuleType]:
    """Give each plug-in by the last part of its name."""
    return {name.rpartition(".")[2]: import_module(name) for name in settings.PLUGINS}


def links(_: HttpRequest) -> dict[str, dict[str, str]]:
    """Give templates the plug-ins' titles (a context processor)."""
    return {"plugins": {name: module.TITLE for name, module in modules().items()}}
