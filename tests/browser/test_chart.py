"""Charts are drawn, under the strict policy of every page."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Tab

DRAW = """async content => {
    const {drawChart} = await import("/static/handrail/chart.js");
    const place = document.createElement("figure");
    document.body.replaceChildren(place);
    window.remove = drawChart(place, {title: "Orders", ...content});
}"""
# Whether anything of the series' own colour was drawn.
COLOURED = """() => {
    const canvas = document.querySelector("figure canvas");
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4) {
        if (data[i] === 0x25 && data[i + 1] === 0x63 && data[i + 2] === 0xeb && data[i + 3] > 200) return true;
    }
    return false;
}"""


@pytest.mark.parametrize(
    "x",
    [[1, 2, 3], ["2026-01-01", "2026-01-02", "2026-01-03"], ["north", "south", "west"]],
    ids=["numbers", "dates", "names"],
)
def test_a_chart_is_drawn_and_has_a_name(tab: Tab, x: list[Any]) -> None:
    page: Page = tab()
    page.evaluate(DRAW, {"x": x, "series": [{"label": "sold", "values": [3, None, 5]}]})
    page.wait_for_function(COLOURED)
    assert page.get_attribute("figure", "aria-label") == "Orders, sold"
    page.evaluate("() => remove()")
    assert page.locator("figure canvas").count() == 0


def test_only_what_can_be_drawn_is_a_chart(tab: Tab) -> None:
    contents = [
        {"x": [1], "series": [{"label": "a", "values": [1]}]},
        {"x": [1, 2], "series": [{"label": "a", "values": [1]}]},
        {"x": [1], "series": []},
        {"x": "1", "series": [{}]},
        "text",
        None,
    ]
    found = tab().evaluate(
        """async contents => {
            const {isChart} = await import("/static/handrail/chart.js");
            return contents.map((content) => isChart(content));
        }""",
        contents,
    )
    assert found == [True, False, False, False, False, False]
