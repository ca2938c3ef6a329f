"""The REST API: routers mounted in one place, errors turned into answers in one place."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.defaults import page_not_found
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from agents_app.api import draft_replies, grants, permissions, runs, usage
from sessions_app.api import canned_replies, handoffs, messages, notes, presence, sessions, status, stream
from sessions_app.api.auth import AUTH
from sessions_app.exceptions import DomainError, TooMany

logger = logging.getLogger(__name__)


class ObjectParser(Parser):
    """A body is a JSON object. Anything else would be read as an empty one wherever every field is optional."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body = super().parse_body(request)
        if not isinstance(body, dict):
            raise ValueError("The body is not an object.")
        return body


api = NinjaAPI(
    parser=ObjectParser(),
    title="Handrail",
    version=status.VERSION,
    description="Keeps, streams and governs live sessions between customers, AI agents and people.",
    urls_namespace="api-v1",
    auth=AUTH,
)
CODES = {400: "bad_request", 401: "unauthenticated", 403: "forbidden", 404: "not_found", 429: "too_many"}


def _answer(request: HttpRequest, code: str, detail: str, status: int) -> HttpResponse:
    response = api.create_response(request, {"code": code, "detail": detail}, status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if status == 429:
        response["Retry-After"] = "5"
    return response


@api.exception_handler(DomainError)
def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    answer = _answer(request, error.code, error.detail, error.status)
    if isinstance(error, TooMany):
        answer["Retry-After"] = str(error.retry_after)
    return answer


@api.exception_handler(AuthenticationError)
def authentication_error(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _answer(request, "unauthenticated", "Send a valid API key or session cookie.", 401)


@api.exception_handler(ValidationError)
def validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names each field and what is wrong with it; never repeats the value, which may be large or secret."""
    problems = (f"{'.'.join(str(part) for part in item['loc'][1:])}: {item['msg']}" for item in error.errors)
    return _answer(request, "unprocessable", "; ".join(problems), 422)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _answer(request, CODES.get(error.status_code, "error"), str(error), error.status_code)


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return _answer(request, "too_large", "The request body is larger than this server accepts.", 413)


@api.exception_handler(Exception)
def internal_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """The process edge: what nobody expected is logged whole and told in one sentence."""
    logger.error("%s %s failed.", request.method, request.path, exc_info=error)
    return _answer(request, "internal_error", "The server failed to handle this request.", 500)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The project's 404: in the one error shape below `/api/`, Django's own page elsewhere."""
    if request.path.startswith("/api/"):
        return _answer(request, "not_found", "There is nothing at this address.", 404)
    return page_not_found(request, exception)


api.add_router("", sessions.router)
api.add_router("", messages.router)
api.add_router("", notes.router)
api.add_router("", presence.router)
api.add_router("", canned_replies.router)
api.add_router("", handoffs.router)
api.add_router("", stream.router)
api.add_router("", status.router)
api.add_router("", runs.router)
api.add_router("", draft_replies.router)
api.add_router("", permissions.router)
api.add_router("", grants.router)
api.add_router("", usage.router)
