from django.apps import AppConfig


class SessionsAppConfig(AppConfig):
    """Keeps, streams and governs a session's story. Knows nothing of AI."""

    name = "sessions_app"
    verbose_name = "Sessions"
