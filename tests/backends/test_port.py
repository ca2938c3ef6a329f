"""The port itself is light: whoever only needs its words does not load an engine."""

import subprocess
import sys


def test_the_port_loads_neither_the_engine_nor_django() -> None:
    code = "import sys, agents_app.backends.base; print({'pydantic_ai', 'django'} & set(sys.modules))"
    seen = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert seen.stdout == "set()\n"
