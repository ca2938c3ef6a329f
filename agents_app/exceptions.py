"""What can go wrong with agent work, grafted onto the tree of `sessions_app.exceptions`."""

from sessions_app.exceptions import Conflict, Unprocessable


class UnknownAgent(Unprocessable):
    code = "unknown_agent"
    default = "This workspace has no such agent."


class WrongDecision(Unprocessable):
    code = "wrong_decision"
    default = "This request takes another kind of decision."


class RunEnded(Conflict):
    code = "run_ended"
    default = "This run has already ended."


class AlreadyApproved(Conflict):
    code = "already_approved"
    default = "You have approved this already; somebody else has to agree."


class ArgumentsChanged(Conflict):
    code = "arguments_changed"
    default = "Somebody changed the arguments: look at them, and approve with exactly these arguments."


class GrantRevoked(Conflict):
    code = "grant_revoked"
    default = "This grant has already been revoked."


class GrantChanged(Conflict):
    code = "grant_changed"
    default = "Somebody else has just changed this grant: look at it again."


class RuleChanged(Conflict):
    """The detail names who was first."""

    code = "rule_changed"
    default = "Somebody else has just changed this rule: look at it again."


class CancelRequested(Exception):
    """Somebody asked this run to stop, and its worker has found out."""


class OutcomeUnknown(Exception):
    """An earlier attempt died while this tool ran, and nobody can say whether it had its effect."""
