"""What Django answers by itself below `/api/`, put into the API's one error shape."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

Answer = HttpResponseBase
Next = Callable[[HttpRequest], Answer] | Callable[[HttpRequest], Awaitable[Answer]]


@sync_and_async_middleware
def api_errors(get_response: Next) -> Next:
    """Say in JSON that a method is not allowed; the list of those that are stays in `Allow`."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> Answer:
            return _in_shape(request, await get_response(request))

        return answer_async

    def answer(request: HttpRequest) -> Answer:
        response = get_response(request)
        assert isinstance(response, HttpResponseBase)
        return _in_shape(request, response)

    return answer


def _in_shape(request: HttpRequest, response: Answer) -> Answer:
    if response.status_code != 405 or not request.path.startswith("/api/"):
        return response
    detail = f"{request.method} is not possible here."
    shaped = JsonResponse({"code": "method_not_allowed", "detail": detail}, status=405)
    shaped["Allow"] = response.get("Allow", "")
    return shaped
