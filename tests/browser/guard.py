"""What no page may do while it is tested: complain, break, or speak to anybody else."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# Reported as errors, so that one net catches everything.
VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`CSP: ${event.violatedDirective} forbids ${event.blockedURI} in ${event.sourceFile}`))"""


class Guard:
    """Collects console errors and warnings, page errors, CSP violations and requests to another origin."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._found: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def watch(self, context: BrowserContext) -> None:
        context.add_init_script(VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._page_error)
        context.on("request", self._request)

    def allow(self, pattern: str) -> None:
        """Expect something that is no fault of the page's: a 409's line in the console, a server that is down."""
        self._allowed.append(re.compile(pattern))

    def check(self) -> None:
        wrong = [line for line in self._found if not any(pattern.search(line) for pattern in self._allowed)]
        assert wrong == [], "\n".join(["The pages of this test are not clean:", *wrong])

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._found.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def _page_error(self, error: WebError) -> None:
        self._found.append(f"page error: {error.error}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and f"{address.scheme}://{address.netloc}" != self._origin:
            self._found.append(f"request to another origin: {request.url}")
