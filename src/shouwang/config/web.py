"""The web server's process: granian, with the application loaded before its workers fork.

A worker killed outright is back in a moment instead of the seconds that loading takes, and workers share memory.
"""

from __future__ import annotations

from runpy import run_module

from django.urls import get_resolver

from shouwang.config import wsgi

if __name__ == "__main__":
    assert wsgi.application is not None
    _ = get_resolver().url_patterns  # loads every page
    run_module("granian", run_name="__main__", alter_sys=True)
