"""What every page has: the languages, the theme, the icon, and errors in the same look."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def page(client: Client, path: str, **headers: str) -> str:
    return client.get(path, headers=headers).content.decode()


def test_a_page_speaks_the_language_the_browser_asks_for(client: Client) -> None:
    assert '<html lang="zh-hans"' in page(client, LOGIN, accept_language="zh-CN,zh;q=0.9")
    assert '<html lang="en"' in page(client, LOGIN, accept_language="nl")


def test_the_language_switch_keeps_the_page_and_is_remembered(client: Client) -> None:
    answer = client.post("/i18n/setlang/", {"language": "ja", "next": "/accounts/login/?next=/admin/"})
    assert (answer.status_code, answer["location"]) == (302, "/accounts/login/?next=/admin/")
    assert '<html lang="ja"' in page(client, LOGIN, accept_language="fr")


def test_the_language_switch_leads_to_no_other_site(client: Client) -> None:
    answer = client.post("/i18n/setlang/", {"language": "ja", "next": "https://elsewhere.example/"})
    assert answer["location"] == "/"


def test_every_language_is_offered_by_its_own_name(client: Client) -> None:
    shown = page(client, LOGIN, accept_language="ja")
    assert [name for name in ("English", "简体中文", "日本語", "Español", "Français") if name not in shown] == []


def test_the_theme_is_chosen_before_the_first_paint_and_no_script_or_style_stands_in_the_page(client: Client) -> None:
    shown = page(client, LOGIN)
    assert shown.index("handrail/theme.js") < shown.index("handrail/css/base.css")
    assert [word for word in ("<style", " style=", " onclick=", "<script>") if word in shown] == []


def test_words_for_scripts_come_as_a_script_in_the_pages_language(client: Client) -> None:
    answer = client.get("/jsi18n/", headers={"accept-language": "fr"})
    assert answer["content-type"].startswith("text/javascript")
    assert answer["content-language"] == "fr"


def test_the_icon_is_where_browsers_look_for_it(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["location"]) == (302, "/static/handrail/favicon.svg")


def test_an_unknown_address_is_told_in_the_pages_look_and_language(client: Client) -> None:
    answer = client.get("/nothing/here", headers={"accept-language": "es"})
    assert answer.status_code == 404
    assert '<html lang="es"' in answer.content.decode()


def test_a_broken_page_is_told_without_a_request_a_user_or_a_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("sessions_app.views.accounts.LoginPage.get_context_data", broken)
    client.raise_request_exception = False
    answer = client.get(LOGIN)
    assert answer.status_code == 500
    assert b"Nothing that was recorded is lost" in answer.content


def test_a_form_from_an_old_page_is_refused_in_the_pages_look() -> None:
    answer = Client(enforce_csrf_checks=True).post(LOGIN, {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert b"shell-header" in answer.content


def test_members_land_at_the_workbench_and_log_out_by_a_post(client: Client, operator: User) -> None:
    answer = client.post(LOGIN, {"username": operator.username, "password": "a long enough password"})
    assert (answer.status_code, answer["location"]) == (302, "/workbench/")
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/")["location"] == LOGIN


def test_a_wrong_password_is_told_beside_the_form_and_is_not_repeated(client: Client, operator: User) -> None:
    answer = client.post(LOGIN, {"username": "operator", "password": "guessed-it"})
    shown = answer.content.decode()
    assert 'role="alert"' in shown
    assert 'value="operator"' in shown
    assert "guessed-it" not in shown


def test_a_field_that_is_not_filled_in_says_so_and_is_marked(client: Client) -> None:
    shown = client.post(LOGIN, {"username": " ", "password": "guessed-it"}).content.decode()
    assert shown.count('aria-describedby="username-error"') == 1
    assert 'id="username-error">This field is required.<' in shown
    assert "password-error" not in shown
    assert "login-error" not in shown


def test_demo_logins_are_shown_where_the_settings_have_them_and_nowhere_else(
    client: Client, settings: Settings
) -> None:
    assert "login-demo" not in page(client, LOGIN)
    settings.DEMO_PASSWORDS = {"operator": "handrail-operator"}
    assert "handrail-operator" in page(client, LOGIN)
