from agents_app.admin import agents, permissions, runs

__all__ = ["agents", "permissions", "runs"]
