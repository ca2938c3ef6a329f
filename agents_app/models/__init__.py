from agents_app.models.agent import Agent
from agents_app.models.approval import Approval
from agents_app.models.draft_reply import DraftReply
from agents_app.models.grant import Grant
from agents_app.models.mcp_server import McpServer
from agents_app.models.order import Order
from agents_app.models.permission import PermissionRequest
from agents_app.models.policy_rule import PolicyRule
from agents_app.models.rule_version import RuleVersion
from agents_app.models.run import Conversation, Run
from agents_app.models.spending import Budget, Spending
from agents_app.models.steering import Steering
from agents_app.models.tool_call import ToolCall

__all__ = [
    "Agent",
    "Approval",
    "Budget",
    "Conversation",
    "DraftReply",
    "Grant",
    "McpServer",
    "Order",
    "PermissionRequest",
    "PolicyRule",
    "RuleVersion",
    "Run",
    "Spending",
    "Steering",
    "ToolCall",
]
