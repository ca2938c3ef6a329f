from sessions_app.admin import api_keys, audit, canned_replies, handoff_rules, log, login, sessions, workspaces

__all__ = ["api_keys", "audit", "canned_replies", "handoff_rules", "log", "login", "sessions", "workspaces"]
