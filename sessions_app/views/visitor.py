"""Who the customer in front of the chat page is: a name in a signed cookie, and a token for the API made from it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sessions_app.tokens import new_visitor, sign_visitor

COOKIE = "handrail_visitor"
SALT = "handrail.visitor-cookie"
SECONDS_PER_DAY = 86_400


def visitor_of(request: HttpRequest) -> str | None:
    """The visitor this browser is known as; None for a new one, or a cookie that is forged or too old."""
    age = settings.CHAT_VISITOR_DAYS * SECONDS_PER_DAY
    return request.get_signed_cookie(COOKIE, default=None, salt=SALT, max_age=age)


def known_or_new(request: HttpRequest) -> str:
    return visitor_of(request) or new_visitor()


def remember(response: HttpResponse, visitor: str) -> None:
    """Keep the visitor in this browser, from now on for as long as visitors are known. No script can read it."""
    response.set_signed_cookie(
        COOKIE,
        visitor,
        salt=SALT,
        max_age=settings.CHAT_VISITOR_DAYS * SECONDS_PER_DAY,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def token_for(visitor: str) -> dict[str, str | int]:
    """What the page's module sends to the API, and for how many seconds it may."""
    return {"token": sign_visitor(visitor), "seconds": settings.CHAT_TOKEN_SECONDS}
