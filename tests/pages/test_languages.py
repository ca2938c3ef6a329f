"""Every word of every page in every language, without GNU gettext on the machine that runs them."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client

from tests.pages.catalogues import compiled, messages, plural_forms
from tests.pages.visiting import Visitor
from tests.pages.words import hidden_calls, module_words, page_words

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
CATALOGUES = [(language, domain) for language in LANGUAGES for domain in ("django", "djangojs")]
catalogue = pytest.mark.parametrize(("language", "domain"), CATALOGUES)
# What a translation must hold as its original does: places for values, and elements that modules fill.
PLACES = re.compile(r"%\(\w+\)s|%s|%%|</?\w+[^>]*>|/(?= )")


def test_every_word_of_a_module_is_written_where_it_is_asked_for() -> None:
    assert hidden_calls() == []


@catalogue
def test_every_word_is_in_the_catalogue_and_no_other(language: str, domain: str) -> None:
    words = page_words() if domain == "django" else module_words()
    assert len(words) > 50
    known = {message.msgid for message in messages(language, domain)}
    assert {"missing": words - known, "left over": known - words} == {"missing": set(), "left over": set()}


@catalogue
def test_every_word_is_translated_in_all_plural_forms(language: str, domain: str) -> None:
    wanted = plural_forms(language, domain)
    lacking = [
        message.msgid
        for message in messages(language, domain)
        if message.fuzzy or not all(message.forms) or len(message.forms) != (wanted if message.plural else 1)
    ]
    assert lacking == []


@catalogue
def test_a_translation_has_the_places_of_its_original(language: str, domain: str) -> None:
    different = [
        (message.msgid, form)
        for message in messages(language, domain)
        for form in message.forms
        if sorted(PLACES.findall(form)) != sorted(PLACES.findall(message.plural or message.msgid))
    ]
    assert different == []


@catalogue
def test_positional_places_are_few_enough_to_be_told_apart_by_their_order(language: str, domain: str) -> None:
    """`%s` cannot change places: a sentence whose order a language would change needs names."""
    assert [message.msgid for message in messages(language, domain) if message.msgid.count("%s") > 2] == []


@catalogue
def test_what_is_compiled_is_what_is_written(language: str, domain: str) -> None:
    """When this fails, run `make words` where GNU gettext is."""
    written: dict[str | tuple[str, int], str] = {}
    for message in messages(language, domain):
        if message.plural is None:
            written[message.msgid] = message.forms[0]
        else:
            written |= {(message.msgid, number): form for number, form in enumerate(message.forms)}
    assert compiled(language, domain) == written


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "有什么可以帮您"),
        ("ja", "どのようなご用件でしょうか"),
        ("es", "¿En qué podemos ayudarle?"),
        ("fr", "Comment pouvons-nous vous aider ?"),
    ],
)
@pytest.mark.django_db
def test_a_page_and_its_modules_speak_the_same_language(visitor: Visitor, language: str, words: str) -> None:
    headers = {"accept-language": language}
    page = visitor.client.get("/", headers=headers).content.decode()
    assert words in page
    answer = next(message.forms[0] for message in messages(language, "djangojs") if message.msgid == "Your answer…")
    assert json.dumps(answer) in visitor.client.get("/jsi18n/", headers=headers).content.decode()


@pytest.mark.django_db
def test_our_words_win_over_those_of_the_admin(client: Client) -> None:
    page = client.get("/accounts/login/", headers={"accept-language": "fr"}).content.decode()
    assert "Se connecter" in page
    assert "Connexion" not in page
