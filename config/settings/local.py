"""`make run` on one's own machine: no secret to set, demo logins printed, SQLite and a private Valkey."""

import os

os.environ.setdefault("SECRET_KEY", "local-only-not-a-secret-local-only-not-a-secret-0000")
os.environ.setdefault("DEBUG", "true")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
os.environ.setdefault("CHAT_WORKSPACE", "demo")

from config.settings.base import *  # noqa: F403

# Printed at start-up so that a newcomer can log in; production settings have no such names.
DEMO_PASSWORDS = {"operator": "handrail-operator", "supervisor": "handrail-supervisor"}
