"""What a page may do, said with every page: Content-Security-Policy and Permissions-Policy."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

Answer = HttpResponseBase
Next = Callable[[HttpRequest], Answer] | Callable[[HttpRequest], Awaitable[Answer]]
POLICY = "Content-Security-Policy"
# Django's own error pages under DEBUG carry their styles and scripts in themselves.
DEBUG_PAGES = frozenset({404, 500})
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


@sync_and_async_middleware
def page_headers(get_response: Next) -> Next:
    """Put them on HTML; streams and JSON pass untouched, and no thread is entered for them."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> Answer:
            return _with_headers(await get_response(request))

        return answer_async

    def answer(request: HttpRequest) -> Answer:
        response = get_response(request)
        assert isinstance(response, HttpResponseBase)
        return _with_headers(response)

    return answer


def _with_headers(response: Answer) -> Answer:
    if response.headers.get("Content-Type", "").partition(";")[0] != "text/html":
        return response
    response.headers.setdefault("Permissions-Policy", PERMISSIONS)
    if not (settings.DEBUG and response.status_code in DEBUG_PAGES):
        # A view that needs more has said so itself.
        response.headers.setdefault(POLICY, _policy())
    return response


def _policy() -> str:
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items())
