"""What can go wrong, as one tree. `config.api` turns each into `{"code", "detail"}` with its status.

DomainError
├── BadRequest 400       the request cannot be read
│   └── WorkspaceRequired
├── Unauthenticated 401  nobody, or nobody we know
├── Forbidden 403        known, but may not do this
├── NotFound 404         unknown, or somebody else's: the two answer alike
├── Conflict 409         another was first, or the state does not allow it
│   ├── SessionClosed
│   ├── SessionBusy
│   ├── MessageTaken
│   ├── AlreadyDecided
│   ├── AlreadyRequested
│   ├── AlreadyTaken
│   ├── NotStaffed
│   └── NotYours
├── Unprocessable 422    understood, but not acceptable
│   └── KeyReused
├── TooMany 429          over a limit; try again later
└── Superseded 409       a stale worker wrote; never reaches a client
"""


class DomainError(Exception):
    """Base of everything this product refuses, with its wire code and status."""

    code = "error"
    status = 500
    default = "Something went wrong."

    def __init__(self, detail: str = "") -> None:
        self.detail = detail or self.default
        super().__init__(self.detail)


class BadRequest(DomainError):
    code = "bad_request"
    status = 400
    default = "The request could not be read."


class WorkspaceRequired(BadRequest):
    code = "workspace_required"
    default = "You belong to several workspaces: name one with ?workspace=."


class Unauthenticated(DomainError):
    code = "unauthenticated"
    status = 401
    default = "Send a valid API key, stream ticket or session cookie."


class Forbidden(DomainError):
    code = "forbidden"
    status = 403
    default = "Your role or key does not allow this."


class NotFound(DomainError):
    code = "not_found"
    status = 404
    default = "There is no such thing here."


class Conflict(DomainError):
    code = "conflict"
    status = 409
    default = "The current state does not allow this."


class SessionClosed(Conflict):
    code = "session_closed"
    default = "This session is closed."


class SessionBusy(Conflict):
    code = "session_busy"
    default = "The agent is still at work in this session."


class MessageTaken(Conflict):
    code = "message_taken"
    default = "This message cannot be withdrawn any more."


class AlreadyDecided(Conflict):
    code = "already_decided"
    default = "This request has already been decided."


class AlreadyRequested(Conflict):
    code = "already_requested"
    default = "A person has already been asked for."


class AlreadyTaken(Conflict):
    """The detail names who was first."""

    code = "already_taken"
    default = "Somebody else serves this session."


class NotStaffed(Conflict):
    code = "not_staffed"
    default = "Nobody serves this session. Take the session over first."


class NotYours(Conflict):
    """The detail names whose it is."""

    code = "not_yours"
    default = "Somebody else serves this session."


class Unprocessable(DomainError):
    code = "unprocessable"
    status = 422
    default = "The request was understood but cannot be accepted."


class KeyReused(Unprocessable):
    code = "idempotency_key_reused"
    default = "This Idempotency-Key was used with a different body."


class TooMany(DomainError):
    """`retry_after` is in how many seconds it is worth another try."""

    code = "too_many"
    status = 429
    default = "Too many open streams. Close some, or try again later."

    def __init__(self, detail: str = "", *, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Superseded(DomainError):
    """A worker tried to write for a run that it no longer holds. It must stop."""

    code = "superseded"
    status = 409
    default = "Another worker holds this run now."
