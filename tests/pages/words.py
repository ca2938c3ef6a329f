"""Every word that the pages translate, found in their sources without GNU gettext."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import templatize

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "sessions_app" / "static" / "handrail"
CALLS = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"})
PYTHON_STRING = r"""(u?"(?:[^"\\]|\\.)*"|u?'(?:[^'\\]|\\.)*')"""
TEMPLATE_CALL = re.compile(r"\b(?:_|gettext|ngettext)\(\s*" + PYTHON_STRING)
MODULE_CALL = re.compile(r"\bn?gettext\(")
MODULE_LITERAL = re.compile(r"""\bn?gettext\(\s*("(?:[^"\\]|\\.)*")""")


def page_words() -> set[str]:
    """Those of templates and Python: the domain django."""
    return {*_in_templates(), *_in_python()}


def module_words() -> set[str]:
    """Those of the pages' modules: the domain djangojs."""
    return {json.loads(literal) for text in _modules() for literal in MODULE_LITERAL.findall(text)}


def hidden_calls() -> list[str]:
    """Calls of modules whose words are not written there, so that nobody could translate them."""
    return [text for text in _modules() if len(MODULE_CALL.findall(text)) != len(MODULE_LITERAL.findall(text))]


def _in_templates() -> Iterator[str]:
    for path in (ROOT / "templates").rglob("*.html"):
        if path.is_relative_to(ROOT / "templates" / "admin"):
            continue  # where the admin's pages stand in for Django's, their words are in Django's own catalogues
        for literal in TEMPLATE_CALL.findall(templatize(path.read_text())):
            yield ast.literal_eval(literal)


def _in_python() -> Iterator[str]:
    for room in ("config", "sessions_app", "agents_app"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and _name(node.func) in CALLS and node.args:
                    word = node.args[0]
                    assert isinstance(word, ast.Constant), f"{path}:{node.lineno}"
                    yield str(word.value)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def _modules() -> Iterator[str]:
    for path in STATIC.rglob("*.js"):
        if "vendor" not in path.parts:
            yield path.read_text()
