from agents_app.admin import agents, permissions, policy, runs

__all__ = ["agents", "permissions", "policy", "runs"]
