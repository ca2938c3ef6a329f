"""axe-core, which finds what can be found of a page without a person."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"], preload: false})).violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, help, nodes}) => `${id}: ${help}\\n` + nodes.map(({html, failureSummary}) =>
        `    ${html}\\n        ${failureSummary}`).join("\\n"))"""


def no_serious_axe_findings(page: Page) -> None:
    """Put in by the debugger's way, because the page's own policy lets no script in."""
    page.evaluate(AXE)
    findings: list[Any] = page.evaluate(RUN)
    assert findings == [], "\n".join([f"axe at {page.url}:", *findings])
