"""Settings, all by environment; `docs/guide/cai-dat.md` explains each.

GIAOBAN_HOME      where the database, files and the analytic store lie (default ./var; ./var/demo in the demonstration)
DATABASE_URL      PostgreSQL for production (default: SQLite in GIAOBAN_HOME)
GIAOBAN_SECRET    signing key (default: made once and kept in GIAOBAN_HOME)
GIAOBAN_HOSTS     host names served, comma separated (default: loopback only)
GIAOBAN_HTTPS     1 behind HTTPS: secure cookies, HSTS
GIAOBAN_DEMO      1 for the demonstration: a fixed day and one-click sign-in; never for real data
GIAOBAN_ENGINE    duckdb (default) or spark: what adds figures up
GIAOBAN_SPARK     with spark: its Spark Connect server, sc://host:15002; the only host then spoken to
GIAOBAN_SPARK_ROOT  with spark: what the cluster calls the store, such as s3a://bucket/analytics (default: the same)
GIAOBAN_WORKERS   how many jobs `giaoban work` does at the same time (default 1)
GIAOBAN_SMTP      host:port of the mail server notices go through (default: none, no mail and no connection at all)
GIAOBAN_SMTP_USER, GIAOBAN_SMTP_PASSWORD  where the mail server wants them
GIAOBAN_MAIL_FROM the sender of mail, such as giaoban@laocai.gov.vn
GIAOBAN_PROVINCE  code of the province (Statistics Office, such as 15): whose school-year days hold; days of its own
                  go into GIAOBAN_HOME/school_years.csv, with the columns of catalogue/school_years.csv
GIAOBAN_KEEP_UPLOADS  days after which `giaoban remove_uploads` removes workbooks and tables that were handed up and are
                  dealt with (default 90); documents and signed copies stay for ever
GIAOBAN_SITE      how people reach this site, such as https://giaoban.laocai.gov.vn: for links in mail and chat texts
GIAOBAN_HOOK_HOSTS  hosts that web hooks may be sent to, comma separated, such as dieuhanh.laocai.gov.vn (default: none,
                  so nothing is sent)
GIAOBAN_HOOK_PRIVATE  1 where such a host has an address inside the own network (10.…, 192.168.…)
GIAOBAN_HOOK_HTTP   1 where such a host has no HTTPS
GIAOBAN_DEBUG     1 while developing
"""

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

PACKAGE = Path(__file__).resolve().parent
DEBUG = os.environ.get("GIAOBAN_DEBUG") == "1"
DEMO = os.environ.get("GIAOBAN_DEMO") == "1"
HOME = Path(os.environ.get("GIAOBAN_HOME") or ("var/demo" if DEMO else "var")).resolve()
HOME.mkdir(parents=True, exist_ok=True)
HTTPS = os.environ.get("GIAOBAN_HTTPS") == "1"


def _secret() -> str:
    given = os.environ.get("GIAOBAN_SECRET")
    if given:
        return given
    kept = HOME / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    return kept.read_text()


SECRET_KEY = _secret()
ALLOWED_HOSTS = os.environ.get("GIAOBAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "giaoban.ui",
    "giaoban.journal",
    "giaoban.jobs",
    "giaoban.orgs",
    "giaoban.people",
    "giaoban.notices",
    "giaoban.documents",
    "giaoban.indicators",
    "giaoban.analytics",
    "giaoban.quick",
    "giaoban.workbooks",
    "giaoban.intake",
    "giaoban.work",
    "giaoban.reforms",
    "giaoban.reports",
    "giaoban.desk",
    "giaoban.api",
    "giaoban.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "lucide",
    "axes",
    "django_q",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "giaoban.people.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "giaoban.urls"
WSGI_APPLICATION = "giaoban.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "giaoban.desk.context.frame",
            ],
            "builtins": ["giaoban.ui.templatetags.ui", "django.templatetags.i18n", "lucide.templatetags.lucide"],
        },
    }
]

if os.environ.get("DATABASE_URL"):
    DATABASES = {"default": dj_database_url.config(conn_max_age=60, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "giaoban.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the wait that the page names stays true
AXES_LOCKOUT_CALLABLE = "giaoban.people.views.locked_out"
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "vi"
LOCALE_PATHS = [PACKAGE / "core" / "locale", PACKAGE / "files" / "locale"]  # rooms that are no Django apps
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
FORMAT_MODULE_PATH = ["giaoban.formats"]
# Plain Python that is no room of Django, but whose refusals people read.
LOCALE_PATHS = [PACKAGE / "core" / "locale", PACKAGE / "files" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "giaoban.ui.fonts.CutFonts",  # the type family, cut down to Vietnamese; served by us, never from another host
]
MANIFEST = (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "giaoban.ui.storage.HashedFiles"
        if MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not MANIFEST
MEDIA_ROOT = HOME / "files"
KEEP_UPLOADS = int(os.environ.get("GIAOBAN_KEEP_UPLOADS", "90"))
ANALYTICS_ROOT = HOME / "analytics"
ANALYTICS_ENGINE = os.environ.get("GIAOBAN_ENGINE", "duckdb")
ANALYTICS_SPARK = os.environ.get("GIAOBAN_SPARK", "")
ANALYTICS_SPARK_ROOT = os.environ.get("GIAOBAN_SPARK_ROOT", "")
# The wake-up of background work (jobs.waking): a package carries one job number. Work is long and shows signs of life
# itself, and what a dead worker left is taken up by `giaoban work`, so the time-outs of the queue never come to bear.
Q_CLUSTER = {
    "name": "giaoban",
    "orm": "default",
    "workers": int(os.environ.get("GIAOBAN_WORKERS", "1")),
    "timeout": 7 * 86_400,
    "retry": 8 * 86_400,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,
    "poll": 0.5,
    "guard_cycle": 1,
    "scheduler": False,
    "daemonize_workers": False,  # a job may open files in a process of its own
    "log_level": "WARNING",
    "label": "giaoban",
}
PROVINCE = os.environ.get("GIAOBAN_PROVINCE", "")
SMTP = os.environ.get("GIAOBAN_SMTP", "")
SMTP_USER = os.environ.get("GIAOBAN_SMTP_USER", "")
SMTP_PASSWORD = os.environ.get("GIAOBAN_SMTP_PASSWORD", "")
MAIL_FROM = os.environ.get("GIAOBAN_MAIL_FROM", "giaoban@localhost")
MAIL_PAUSES = (5, 30, 120)  # seconds between attempts of one job; what still waits goes with the next
HOOK_HOSTS = frozenset(filter(None, os.environ.get("GIAOBAN_HOOK_HOSTS", "").replace(" ", "").lower().split(",")))
HOOK_PRIVATE = os.environ.get("GIAOBAN_HOOK_PRIVATE") == "1"
HOOK_HTTP = os.environ.get("GIAOBAN_HOOK_HTTP") == "1"
SITE = os.environ.get("GIAOBAN_SITE", "").rstrip("/")
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "axes": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS = ["axes.W003", "axes.W006"]  # tries are counted by user name, from whatever device
