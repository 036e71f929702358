"""Addresses of pages without an account."""

from __future__ import annotations

from django.urls import path

from shouwang.public import views

app_name = "public"
urlpatterns = [
    path("v/", views.enter_token, name="enter-token"),
    path("v/<str:token>", views.verify_paper, name="verify-paper"),
]
