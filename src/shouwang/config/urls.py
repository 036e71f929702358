"""Addresses: each interface keeps its own list."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("shouwang.desk.urls")),
    path("account/", include("allauth.urls")),
    path("p/", include("shouwang.public.urls")),
    path("field/", include("shouwang.fieldapi.site_urls")),
    path("api/field/", include("shouwang.fieldapi.urls")),
]
