"""The suite. It starts its own Valkey and database and hands their addresses over in the environment."""

import os

os.environ.setdefault("SECRET_KEY", "test-only-test-only-test-only-test-only-test-only-00")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES

# A file, and not memory as Django would have it: other threads and other processes look into it too.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": f"{DATABASES['default']['NAME']}-test"}

# Nothing is collected for a test, and WhiteNoise would warn of the missing folder. Files are served from where they
# lie, and looked for when they are asked for.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
