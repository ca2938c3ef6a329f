from agents_app.admin import agents, mcp_servers, permissions, policy, runs, spending

__all__ = ["agents", "mcp_servers", "permissions", "policy", "runs", "spending"]
