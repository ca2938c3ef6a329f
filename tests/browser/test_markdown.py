"""What people and agents write is shown, and does nothing."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Tab

SHOW = """async text => {
    const {render} = await import("/static/handrail/markdown.js");
    window.harm = 0;
    document.body.replaceChildren(render(text));
    for (const element of document.body.querySelectorAll("*")) {
        for (const type of ["mouseover", "focus", "toggle", "animationend"]) {
            element.dispatchEvent(new Event(type));
        }
        if (element.localName === "a" && element.href) element.click();
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
    return document.body.innerHTML;
}"""
HARMLESS = {
    "a", "blockquote", "body", "br", "code", "del", "div", "em", "h3", "h4", "h5", "h6", "hr", "input", "li", "ol",
    "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "align", "aria-label", "checked", "class", "disabled", "href", "rel", "start", "tabindex", "target", "title",
    "type",
}  # fmt: skip
PAYLOADS = [
    "<script>harm = 1</script>",
    "<img src=x onerror='harm = 1'>",
    "<img src=x onerror=harm=1//",
    "<svg onload='harm = 1'>",
    "<svg><script>harm = 1</script></svg>",
    "<svg><animate onbegin='harm = 1' attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.harm = 1</script>'></iframe>",
    "<iframe src='javascript:parent.harm = 1'></iframe>",
    "<object data='javascript:harm = 1'></object>",
    "<embed src='javascript:harm = 1'>",
    "<body onload='harm = 1'>",
    "<details open ontoggle='harm = 1'>",
    "<input autofocus onfocus='harm = 1'>",
    "<form action='/admin/logout/'><button>press</button></form>",
    "<a href='javascript:harm = 1'>x</a>",
    "<style>@import 'http://elsewhere.example/x.css'; * { background: url(http://elsewhere.example) }</style>",
    "<link rel=stylesheet href='http://elsewhere.example/x.css'>",
    "<meta http-equiv=refresh content='0; url=http://elsewhere.example'>",
    "<base href='http://elsewhere.example/'>",
    "<div style='position: fixed; inset: 0'>cover</div>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=harm=1>'>",
    "<noscript><p title='</noscript><img src=x onerror=harm=1>'>",
    "<template><img src=x onerror=harm=1></template>",
    "<form><input name=attributes><input name=nodeName></form>",
    "<a id=harm name=harm>clobber</a>",
    "[x](javascript:harm=1)",
    "[x](JaVaScRiPt:harm=1)",
    "[x](java&#10;script:harm=1)",
    "[x](&#106;avascript:harm=1)",
    "[x](\x01javascript:harm=1)",
    "[x](data:text/html,<script>harm=1</script>)",
    "[x](vbscript:harm=1)",
    "[x](/accounts/logout/)",
    "[x](//elsewhere.example \"' onmouseover='harm=1\")",
    "[x](https://a.example 'a\" onmouseover=\"harm=1')",
    "<javascript:harm=1>",
    "![x](http://elsewhere.example/pixel.png)",
    "![x](/accounts/logout/)",
    '![x" onerror="harm=1](http://elsewhere.example/x)',
    '![x](http://elsewhere.example/x"onerror="harm=1)',
    '```html"onmouseover="harm=1\n<img src=x onerror=harm=1>\n```',
    "`<img src=x onerror=harm=1>`",
    "| <img src=x onerror=harm=1> |\n|-|\n| <script>harm=1</script> |",
    "# <img src=x onerror=harm=1>",
    "> <script>harm=1</script>",
    "[ref]\n\n[ref]: javascript:harm=1 'x'",
    "a <!-- <img src=x onerror=harm=1> --> b",
    "<![CDATA[<img src=x onerror=harm=1>]]>",
    "<x-element onclick=harm=1>",
    "{{constructor.constructor('harm=1')()}}",
]


@pytest.fixture
def page(tab: Tab) -> Page:
    page = tab()
    # Links are pressed, and must lead nowhere from here.
    page.evaluate("() => document.addEventListener('click', (event) => event.preventDefault())")
    return page


def shown(page: Page, text: str) -> str:
    html: str = page.evaluate(SHOW, text)
    return html


def test_whatever_is_written_runs_nothing_fetches_nothing_and_goes_nowhere(page: Page) -> None:
    """All payloads in one page: its guard fails the test for a request or a word in the console, too."""
    for payload in PAYLOADS:
        html = shown(page, payload)
        assert page.evaluate("() => window.harm") == 0, payload
        found = page.evaluate(
            """() => [...document.body.querySelectorAll("*")].map((element) =>
                [element.localName, element.getAttributeNames(), element.getAttribute("href") ?? "https://"])"""
        )
        for tag, attributes, href in found:
            assert tag in HARMLESS, f"{payload} became {html}"
            assert set(attributes) <= ATTRIBUTES, f"{payload} became {html}"
            assert href.startswith(("https://", "http://", "mailto:", "tel:")), f"{payload} became {html}"
    assert page.url.endswith("/admin/login/")


def test_html_is_shown_as_it_was_written(page: Page) -> None:
    shown(page, "before <img src=x onerror=alert(1)> after")
    assert page.inner_text("body").strip() == "before <img src=x onerror=alert(1)> after"


def test_a_link_opens_elsewhere_and_tells_nothing(page: Page) -> None:
    assert shown(page, "see [this](https://a.example/b?c=1&d=2) or https://b.example").strip() == (
        '<p>see <a href="https://a.example/b?c=1&amp;d=2" rel="noopener noreferrer" target="_blank">this</a> or '
        '<a href="https://b.example" rel="noopener noreferrer" target="_blank">https://b.example</a></p>'
    )


def test_an_image_becomes_a_link_to_it(page: Page) -> None:
    html = shown(page, "![a cat](https://a.example/cat.png)")
    assert ">a cat</a>" in html
    assert "<img" not in html


def test_code_is_shown_to_the_letter_with_its_language(page: Page) -> None:
    shown(page, "```python\nif a < b && c:\n    print('<b>')\n```")
    assert page.inner_text("pre code.language-python") == "if a < b && c:\n    print('<b>')\n"
    assert page.get_attribute("pre", "tabindex") == "0"


def test_tables_and_lists_are_tables_and_lists(page: Page) -> None:
    shown(page, "|a|b|\n|-|-:|\n|1|**2**|\n\n- one\n- two\n  1. deep\n\n- [x] done\n- [ ] open\n\n3. three")
    assert page.text_content("th:last-child") == "b"
    assert page.get_attribute("td:last-child", "align") == "right"
    assert page.inner_text("td strong") == "2"
    assert page.locator("ul ol li").inner_text() == "deep"
    assert page.locator("input[type=checkbox][disabled]").count() == 2
    assert page.locator("input[checked]").get_attribute("aria-label") == "done"
    assert page.get_attribute("body > ol", "start") == "3"


def test_headings_stay_below_those_of_the_page(page: Page) -> None:
    html = shown(page, "# one\n## two\n###### six")
    assert html.split() == ["<h3>one</h3><h4>two</h4><h6>six</h6>"]


def test_a_line_break_is_a_line_break_and_an_unfinished_block_is_a_block(page: Page) -> None:
    assert shown(page, "one\ntwo").strip() == "<p>one<br>two</p>"
    assert "<pre" in shown(page, "```\nstill being spo")
