from agents_app.admin import agents, permissions, policy, runs, spending

__all__ = ["agents", "permissions", "policy", "runs", "spending"]
