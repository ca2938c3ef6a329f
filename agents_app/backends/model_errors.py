"""What went wrong with a model, in our codes and words.

The provider's own words are left out on purpose: some of them repeat the API key they refuse.
"""

from pydantic_ai import exceptions

from agents_app.backends.base import BackendError

# First match wins: the narrower class stands above the wider one.
MEANINGS: tuple[tuple[type[Exception], str, str], ...] = (
    (exceptions.UsageLimitExceeded, "usage_limit", "The run asked the model too many times and was stopped"),
    (exceptions.ContentFilterError, "model_rejected", "The provider's content filter stopped the answer"),
    (exceptions.UnexpectedModelBehavior, "bad_model_output", "The model's answer could not be used"),
    (exceptions.ModelRateLimitError, "model_rate_limited", "The provider's rate limit is reached"),
    (exceptions.ModelQuotaExceededError, "model_rate_limited", "The provider's quota is used up"),
    (exceptions.ModelTimeoutError, "model_timeout", "The provider did not answer in time"),
    (exceptions.ModelRequestTimeout, "model_timeout", "The provider did not answer in time"),
    (
        exceptions.ModelNotFoundError,
        "unknown_model",
        "The provider does not know this model, or its address is wrong",
    ),
    (exceptions.ModelAuthenticationError, "model_rejected", "The provider refused our credentials"),
    (exceptions.ModelRequestRejectedError, "model_rejected", "The provider refused the request"),
)
TIMEOUTS = (408, 504)


def as_backend_error(error: exceptions.AgentRunError) -> BackendError:
    """Translate what the engine raises while a model works. What it does not name is an unavailable model."""
    status = error.status_code if isinstance(error, exceptions.ModelHTTPError) else None
    if status in TIMEOUTS:
        return _error("model_timeout", "The provider did not answer in time", status)
    for kind, code, words in MEANINGS:
        if isinstance(error, kind):
            return _error(code, words, status)
    if status is not None and status < 500:
        return _error("model_rejected", "The provider refused the request", status)
    return _error("model_unavailable", "The provider could not be reached or broke off its answer", status)


def _error(code: str, words: str, status: int | None) -> BackendError:
    return BackendError(code, f"{words}." if status is None else f"{words} (HTTP {status}).")
