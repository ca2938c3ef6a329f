"""Every page says what it may do."""

import threading
from inspect import iscoroutine

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client, RequestFactory, override_settings

from config.page_headers import page_headers

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/login/", "/api/v1/docs", "/nowhere"])
def test_a_page_carries_the_strict_policy_whoever_made_it(path: str) -> None:
    answer = Client().get(path)
    assert answer["Content-Type"].startswith("text/html")
    assert answer["Content-Security-Policy"] == STRICT
    assert "unsafe" not in STRICT
    assert answer["Permissions-Policy"].startswith("camera=()")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
def test_a_page_for_a_host_that_is_not_ours_carries_it_too() -> None:
    answer = Client(headers={"host": "elsewhere.example"}).get("/admin/login/")
    assert (answer.status_code, answer["Content-Security-Policy"]) == (400, STRICT)


def test_what_is_no_page_passes_untouched() -> None:
    answer = page_headers(lambda request: JsonResponse({}))(RequestFactory().get("/"))
    assert isinstance(answer, JsonResponse)
    assert "Content-Security-Policy" not in answer


async def test_an_asynchronous_answer_passes_through_no_thread() -> None:
    threads = []

    async def view(request: HttpRequest) -> HttpResponse:
        threads.append(threading.get_ident())
        return HttpResponse("page")

    answering = page_headers(view)(RequestFactory().get("/"))
    assert iscoroutine(answering)
    assert (await answering)["Content-Security-Policy"] == STRICT
    assert threads == [threading.get_ident()]


def test_a_view_that_needs_another_policy_keeps_its_own() -> None:
    own = {"Content-Security-Policy": "default-src 'self'"}
    answer = page_headers(lambda request: HttpResponse("page", headers=own))(RequestFactory().get("/"))
    assert isinstance(answer, HttpResponse)
    assert answer["Content-Security-Policy"] == "default-src 'self'"


@override_settings(DEBUG=True)
def test_djangos_own_error_pages_can_be_read_while_developing() -> None:
    answer = page_headers(lambda request: HttpResponse("trace", status=500))(RequestFactory().get("/"))
    assert isinstance(answer, HttpResponse)
    assert "Content-Security-Policy" not in answer
