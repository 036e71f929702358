"""The database engine of the settings: starts the embedded server at the first connection."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from shouwang.config import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's own; only where the connection parameters come from differs."""

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if not self.settings_dict["HOST"]:
            place = embedded.ensure_running()
            params |= {"host": place.host, "port": place.port, "user": place.user}
        return params
