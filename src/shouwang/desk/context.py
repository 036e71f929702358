"""What every page's shell needs."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """The instant of the page, the scope, and whether this is the demonstration."""
    return {
        "at": getattr(request, "at", None),
        "scope": getattr(request, "scope", None),
        "is_demo": settings.DEMO,
    }
