"""The WSGI application that granian serves."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from shouwang.config.proxies import BehindProxies
from shouwang.fieldapi.places import Places

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
_places = Places(
    get_wsgi_application(),
    limit=settings.FIELD_PLACES,
    waiting=settings.FIELD_WAITING,
    patience=settings.FIELD_PATIENCE,
)
application = BehindProxies(_places, settings.PROXIES) if settings.PROXIES else _places
