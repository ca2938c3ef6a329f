"""Texts put together from chunks."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Tab

ADD = """async chunks => {
    const {Texts} = await import("/static/handrail/text.js");
    const texts = new Texts();
    return chunks.map(([offset, words]) => texts.add("m", "message", offset, words));
}"""


@pytest.fixture
def page(tab: Tab) -> Page:
    return tab()


def added(page: Page, *chunks: tuple[int, str]) -> list[str | None]:
    texts: list[Any] = page.evaluate(ADD, [list(chunk) for chunk in chunks])
    return texts


def test_offsets_count_characters_as_people_do_and_not_as_javascript_does(page: Page) -> None:
    assert added(page, (0, "👍🏽 ok"), (5, " 日本"), (8, "!")) == ["👍🏽 ok", "👍🏽 ok 日本", "👍🏽 ok 日本!"]


def test_a_text_that_is_told_again_from_its_beginning_only_adds_what_is_new(page: Page) -> None:
    assert added(page, (0, "one "), (4, "two "), (0, "one two three")) == ["one ", "one two ", "one two three"]


def test_what_was_heard_already_is_no_news(page: Page) -> None:
    assert added(page, (0, "one two"), (0, "one"), (4, "two")) == ["one two", None, None]


def test_words_after_a_gap_wait_for_the_settled_text(page: Page) -> None:
    assert added(page, (0, "one"), (8, "three")) == ["one", None]


def test_a_settled_text_stands_whatever_comes_late(page: Page) -> None:
    said = page.evaluate(
        """async () => {
            const {Texts} = await import("/static/handrail/text.js");
            const texts = new Texts();
            texts.add("m", "message", 0, "one");
            texts.settle("m", "message", "one, two.");
            texts.add("m", "reasoning", 0, "thinking");
            return [texts.add("m", "message", 9, "late"), texts.text("m"), texts.text("m", "reasoning")];
        }"""
    )
    assert said == [None, "one, two.", "thinking"]
