"""Addresses of the office pages: every part of the work in one list, each found by itself."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.urls import URLPattern

from shouwang.desk import addresses

urlpatterns: list[URLPattern] = [
    pattern
    for part in sorted(found.name for found in iter_modules(addresses.__path__))
    for pattern in import_module(f"{addresses.__name__}.{part}").urlpatterns
]
