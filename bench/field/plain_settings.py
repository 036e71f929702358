"""Settings of the endpoints that ours is compared with: the product's database, no middleware at all."""

from shouwang.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.field.plain"
MIDDLEWARE = []
