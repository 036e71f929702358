"""Settings. Everything that differs between installations comes from the environment or `SHOUWANG_HOME`."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlparse

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from shouwang.config.clock import OFFSET_FILE, clock_of
from shouwang.config.home import home, keys
from shouwang.config.proxies import reached_at, read_networks, trusted_origins

PACKAGE = Path(__file__).resolve().parent.parent
DEBUG = os.environ.get("SHOUWANG_DEBUG") == "1"
HOME = home()
CLOCK = clock_of(HOME)
DEMO_CLOCK = HOME / OFFSET_FILE
"""Where the demonstration keeps how far its clock is from real time."""
KEYS = keys()
SECRET_KEY = KEYS["django"]
PUBLIC_URL = os.environ.get("SHOUWANG_URL", "http://127.0.0.1:8026").rstrip("/")
"""The address that people open, printed into QR codes; its host and origin are believed."""
ALLOWED_HOSTS = reached_at(PUBLIC_URL, os.environ.get("SHOUWANG_HOSTS", "localhost,127.0.0.1,[::1]"))
CSRF_TRUSTED_ORIGINS = trusted_origins(PUBLIC_URL, os.environ.get("SHOUWANG_ORIGINS", ""))
ROBOT_HOSTS = [host for host in os.environ.get("SHOUWANG_ROBOT_HOSTS", "").split(",") if host]
"""Hosts (with port) of robots besides the vendors' own: private installations of WeCom, DingTalk, Feishu."""

INSTALLED_APPS = [
    "shouwang.journal",
    "shouwang.places",
    "shouwang.accounts",
    "shouwang.devices",
    "shouwang.policy",
    "shouwang.people",
    "shouwang.workforce",
    "shouwang.screening",
    "shouwang.classification",
    "shouwang.observation",
    "shouwang.outreach",
    "shouwang.ledgers",
    "shouwang.oversight",
    "shouwang.desk",
    "shouwang.fieldapi",
    "shouwang.public",
    "shouwang.jobs",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_htmx",
    "django_vite",
    "template_partials",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "shouwang.fieldapi.site.SameForAll",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shouwang.desk.middleware.ScopeMiddleware",
]

ROOT_URLCONF = "shouwang.config.urls"
WSGI_APPLICATION = "shouwang.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shouwang.desk.context.shell",
            ],
        },
    }
]


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL")
    common: dict[str, object] = {
        "ENGINE": "shouwang.config.pg",
        "CONN_MAX_AGE": 120,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
    if not url:
        return common | {"NAME": "shouwang", "HOST": ""}
    parts = urlparse(url)
    return common | {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "localhost"),
        "PORT": str(parts.port or 5432),
    }


DATABASES = {"default": _database()}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",  # allauth's rate limits need one cache for all processes (STACK.md)
        "OPTIONS": {"MAX_ENTRIES": 50_000},  # beyond it a third of the counters of limits is thrown away
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "shouwang.desk.sign_in.ClosedAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "守望 Shouwang"
REQUIRE_MFA = os.environ.get("SHOUWANG_REQUIRE_MFA", "1") == "1"
"""Desk roles must have a second factor. `make demo` alone turns it off, and says so on every page."""
DEMO = os.environ.get("SHOUWANG_DEMO") == "1"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
LOCALE_PATHS = [PACKAGE / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # nothing is collected: WhiteNoise serves what the packages hold
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": PACKAGE / "desk" / "static" / "built" / "manifest.json",
        "static_url_prefix": "built",
    }
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = HOME / "files"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["shouwang.jobs.tasks"]
"""Imported by the worker alone: every command and page would otherwise load all journeys at its start."""
PROXIES = read_networks(os.environ.get("SHOUWANG_PROXIES", ""))
"""Reverse proxies whose word about an address is believed."""
FIELD_PLACES = int(os.environ.get("SHOUWANG_FIELD_PLACES", "4"))
"""Requests of phones that one web process works on at once (fieldapi.places)."""
FIELD_WAITING = int(os.environ.get("SHOUWANG_FIELD_WAITING", "32"))
"""How many more wait for a place; beyond that phones are told to come again."""
FIELD_PATIENCE = float(os.environ.get("SHOUWANG_FIELD_PATIENCE", "2.0"))
"""Seconds that a request waits for a place before its phone is told to come again."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SHOUWANG_LOG", "WARNING")},
}
