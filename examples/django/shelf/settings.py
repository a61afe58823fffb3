"""Settings. What differs from place to place comes from the environment."""

import os
import secrets
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent
DATA_DIR = Path(os.environ.get("SHELF_DATA", "/data"))


def _secret_key() -> str:
    """Give the key of the environment, else one that is made at the first start and kept beside the data."""
    if "SHELF_SECRET_KEY" in os.environ:
        return os.environ["SHELF_SECRET_KEY"]
    file = DATA_DIR / "secret_key"
    if DATA_DIR.is_dir() and not file.exists():
        file.write_text(secrets.token_urlsafe(50), "ascii")
        file.chmod(0o600)
    # Without a directory for data nothing is served, and nothing needs to stay secret: collectstatic in a build.
    return file.read_text("ascii") if file.exists() else secrets.token_urlsafe(50)


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("SHELF_HOSTS", "localhost,127.0.0.1").split(",")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "shelf",
]
# Modules that no import statement names: found by name when the server starts.
PLUGINS = ["shelf.plugins.reviews", "shelf.plugins.calendar"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "shelf.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shelf.plugins.links",
            ]
        },
    }
]

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "shelf.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# Collected when the image is built, in a layer of their own (BUILD.bazel), by names with a hash of what is in them.
STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("SHELF_STATIC", "/srv/static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
