from sessions_app.admin import api_keys, audit, sessions, workspaces

__all__ = ["api_keys", "audit", "sessions", "workspaces"]
