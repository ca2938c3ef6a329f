"""A worker that serves no MCP server does not pay for the protocol's client."""

import subprocess
import sys


def test_a_worker_starts_without_the_client_of_a_protocol_it_may_never_speak() -> None:
    program = "import sys, django; django.setup(); import agents_app.tasks; sys.exit('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
