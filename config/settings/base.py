"""Every setting, read from the environment here and nowhere else.

The other settings modules only override. Units are in the names; `.env.example` lists every
variable with one line of meaning.
"""

from pathlib import Path

import environ  # type: ignore[import-untyped]  # ships no types
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# Where the embedded default keeps its database and its Valkey's append-only file.
DATA_DIR = BASE_DIR / env.str("DATA_DIR", default=".data")

# Identity
SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Database. SQLite needs IMMEDIATE transactions: with the default, two writers that both began by
# reading fail with "database is locked" however long they would have been willing to wait.
DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'handrail.sqlite3'}"
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # SQLite makes its file, but not the folder it is in.
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # Connections belong to requests and to the log's few reading threads; a pool keeps opening them
    # cheap, and CONN_MAX_AGE must stay 0 beside it.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL_SIZE", default=20),
        "timeout": 10,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The bus and the queue
REDIS_URL = env.str("REDIS_URL", default="")
USE_REDIS_SSE = env.bool("USE_REDIS_SSE", default=True)
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or REDIS_URL
WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=16)

# Streams
STREAM_HEARTBEAT_SECONDS = env.float("STREAM_HEARTBEAT_SECONDS", default=30)
STREAM_QUEUE_SIZE = env.int("STREAM_QUEUE_SIZE", default=100)
STREAM_RETRY_MILLISECONDS = env.int("STREAM_RETRY_MILLISECONDS", default=2000)
STREAM_STALL_SECONDS = env.float("STREAM_STALL_SECONDS", default=30)
STREAM_MAX_SECONDS = env.float("STREAM_MAX_SECONDS", default=3600)
STREAM_TICKET_SECONDS = env.int("STREAM_TICKET_SECONDS", default=300)
STREAM_FALLBACK_POLL_SECONDS = env.float("STREAM_FALLBACK_POLL_SECONDS", default=0.5)
STREAM_MAX_SESSIONS = env.int("STREAM_MAX_SESSIONS", default=50)
STREAM_MAX_OPEN = env.int("STREAM_MAX_OPEN", default=5000)
STREAM_MAX_PER_READER = env.int("STREAM_MAX_PER_READER", default=20)
LOG_READER_THREADS = env.int("LOG_READER_THREADS", default=4)
PRESENCE_SECONDS = env.float("PRESENCE_SECONDS", default=45)

# Limits on what comes in
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("REQUEST_MAX_BYTES", default=4 * 1024 * 1024)
# A body that is let in stays in memory: the limit is small, and a spool file would be one more thing to clean up.
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE
MESSAGE_MAX_CHARACTERS = env.int("MESSAGE_MAX_CHARACTERS", default=1_000_000)

# How long things are kept of closed sessions where a workspace does not say; 0 is for ever
EVENT_RETENTION_DAYS = env.int("EVENT_RETENTION_DAYS", default=365)
TRANSCRIPT_RETENTION_DAYS = env.int("TRANSCRIPT_RETENTION_DAYS", default=0)
RETENTION_SECONDS = env.float("RETENTION_SECONDS", default=60)

# What is masked in events, to people who decide, in the admin, in audit entries and in logs
MASKED_FIELDS = env.list(
    "MASKED_FIELDS",
    default=[
        *("*password", "passwd", "passphrase", "*secret", "*token", "*api_key", "*private_key", "authorization"),
        *("cookie", "credentials", "card_number", "cvv", "cvc", "iban", "pin"),
    ],
)
MASKED_PATTERNS = env.json("MASKED_PATTERNS", default={})
MASK_CARD_NUMBERS = env.bool("MASK_CARD_NUMBERS", default=True)

# Logins that may fail under one user name, from one address, in so many minutes
LOGIN_FAILURES = env.int("LOGIN_FAILURES", default=10)
LOGIN_FAILURE_MINUTES = env.int("LOGIN_FAILURE_MINUTES", default=15)

# The audit history: where its heads are published ("log", or a file; "" nowhere), how often, and the key of exports
AUDIT_ANCHOR = env.str("AUDIT_ANCHOR", default="")
AUDIT_ANCHOR_MINUTES = env.float("AUDIT_ANCHOR_MINUTES", default=10)
AUDIT_SIGNING_KEY = env.str("AUDIT_SIGNING_KEY", default="")

# Runs
RUN_LEASE_SECONDS = env.float("RUN_LEASE_SECONDS", default=20)
RUN_MAX_ATTEMPTS = env.int("RUN_MAX_ATTEMPTS", default=3)
RUN_TIMEOUT_SECONDS = env.float("RUN_TIMEOUT_SECONDS", default=600)
RUN_CHUNK_WINDOW_SECONDS = env.float("RUN_CHUNK_WINDOW_SECONDS", default=0.03)
RUN_SWEEP_SECONDS = env.float("RUN_SWEEP_SECONDS", default=3)
DRAFT_REPLY_SECONDS = env.float("DRAFT_REPLY_SECONDS", default=60)
PERMISSION_TIMEOUT_SECONDS = env.int("PERMISSION_TIMEOUT_SECONDS", default=600)
PERMISSION_API_KEY_ROLE = env.str("PERMISSION_API_KEY_ROLE", default="operator")
MODEL_SILENCE_SECONDS = env.float("MODEL_SILENCE_SECONDS", default=90)
MODEL_RETRIES = env.int("MODEL_RETRIES", default=3)
MCP_ALLOW_PRIVATE_ADDRESSES = env.bool("MCP_ALLOW_PRIVATE_ADDRESSES", default=False)

# Who answers what a customer says. sessions_app knows this name and nothing of AI.
SESSION_RESPONDER = "agents_app.services.runs.AgentResponder"

# The chat page, for customers who are not known: it serves one workspace, or none
CHAT_WORKSPACE = env.str("CHAT_WORKSPACE", default="")
CHAT_AGENT = env.str("CHAT_AGENT", default="")
CHAT_SUGGESTIONS = env.list("CHAT_SUGGESTIONS", default=[])
CHAT_OPEN_SESSIONS = env.int("CHAT_OPEN_SESSIONS", default=5)
CHAT_SESSIONS_PER_MINUTE = env.int("CHAT_SESSIONS_PER_MINUTE", default=30)
CHAT_MESSAGES_PER_MINUTE = env.int("CHAT_MESSAGES_PER_MINUTE", default=20)
CHAT_ADDRESS_MESSAGES_PER_MINUTE = env.int("CHAT_ADDRESS_MESSAGES_PER_MINUTE", default=200)
CHAT_HANDOFFS_PER_MINUTE = env.int("CHAT_HANDOFFS_PER_MINUTE", default=5)
CHAT_TYPING_PER_MINUTE = env.int("CHAT_TYPING_PER_MINUTE", default=60)
CHAT_MESSAGE_MAX_CHARACTERS = env.int("CHAT_MESSAGE_MAX_CHARACTERS", default=4000)
CHAT_TOKEN_SECONDS = env.int("CHAT_TOKEN_SECONDS", default=3600)
CHAT_VISITOR_DAYS = env.int("CHAT_VISITOR_DAYS", default=90)
# What tools do, in words for customers, who see no arguments; a tool without words is called by its name.
CHAT_TOOL_PHRASES = {
    "ask_customer": _("Asking you"),
    "lookup_order": _("Looking up your order"),
    "refund_order": _("Refunding your order"),
    "request_human": _("Asking for a person"),
    "write_document": _("Writing a document"),
}
# Proxies of our own that add to X-Forwarded-For; what stands before their entries was written by strangers.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Serving
SERVE_DRAIN_SECONDS = env.float("SERVE_DRAIN_SECONDS", default=10)
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()

INSTALLED_APPS = [
    "daphne",
    "config.admin_site.apps.HandrailAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "ninja",
    "sessions_app",
    "agents_app",
    "config",
]
MIDDLEWARE = [
    # First, so that no page leaves without them, whoever made it.
    "config.page_headers.page_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.api_errors",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
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
            ]
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/workbench/"
LOGOUT_REDIRECT_URL = "login"

# Languages of the pages, each by its own name. The words are in sessions_app/locale.
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("ja", "日本語"),
    ("es", "Español"),
    ("fr", "Français"),
]
# Named here, and not only found with its app, so that our words win over those of the admin.
LOCALE_PATHS = [BASE_DIR / "sessions_app" / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
# Where `collectstatic` puts the files and web processes find them.
STATIC_ROOT: Path | None = BASE_DIR / env.str("STATIC_ROOT", default="staticfiles")

# What a page may do. Named as Django 6 names it, which brings a middleware of its own.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "font-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}
# A stream ticket or a session's name in an address is nobody else's business.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.log_lines.MaskedLines",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # It logs whole addresses, and an address may hold a stream ticket.
        "httpx2": {"level": "WARNING"},
        # At their most talkative these write down what was asked and answered.
        "openai": {"level": "WARNING"},
        "anthropic": {"level": "WARNING"},
        # One line per sweep, every few seconds, says nothing.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
