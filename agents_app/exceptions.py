"""What can go wrong with agent work, grafted onto the tree of `sessions_app.exceptions`."""

from sessions_app.exceptions import Conflict, Unprocessable


class UnknownAgent(Unprocessable):
    code = "unknown_agent"
    default = "This workspace has no such agent."


class RunEnded(Conflict):
    code = "run_ended"
    default = "This run has already ended."
