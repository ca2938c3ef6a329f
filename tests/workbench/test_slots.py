"""Modules fill what partials leave open: each slot a module names is there, and each entry has its partial."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from sessions_app.transcript import KEYED, PLAIN
from sessions_app.views.entries import SHOWN

STATIC = Path(settings.BASE_DIR) / "sessions_app/static/handrail"
NAMED = re.compile(
    r'(?:slot|setText|setHidden)\(\s*(?:node|card|place|root|dialog|head|serving|section|made),\s*"(\w+)"'
)
IN_HTML = re.compile(r'data-slot="(\w+)"')
# A module and the template whose clones it fills.
FILLED = {
    "entries/message.js": "transcript/_message.html",
    "entries/reasoning.js": "transcript/_reasoning.html",
    "entries/tool.js": "transcript/_tool.html",
    "entries/artifact.js": "transcript/_artifact.html",
    "entries/note.js": "transcript/_operator_note.html",
    "entries/permission.js": "transcript/_permission.html",
    "workbench/request-card.js": "transcript/_permission.html",
    "workbench/queue-row.js": "workbench/_row.html",
}


@pytest.mark.parametrize(("module", "template"), FILLED.items())
def test_each_slot_that_a_module_fills_is_in_its_template(module: str, template: str) -> None:
    named = set(NAMED.findall((STATIC / module).read_text()))
    there = set(IN_HTML.findall(render_to_string(template)))
    assert named
    assert named <= there


def test_each_shown_kind_is_one_the_fold_knows() -> None:
    assert {*PLAIN, *(kind for kind, _, _ in KEYED.values())} >= SHOWN


@pytest.mark.parametrize("kind", sorted(SHOWN))
def test_each_kind_has_a_partial_that_is_one_element_and_names_its_kind(kind: str) -> None:
    written = render_to_string(f"transcript/_{kind}.html").strip()
    assert f'data-kind="{kind}"' in written
    tag = re.match(r"<(\w+)", written)
    assert tag is not None
    assert written.endswith(f"</{tag[1]}>")
    assert 'data-slot="at"' in written


@pytest.mark.parametrize("folder", ["entries", "workbench"])
def test_modules_make_no_markup_of_words(folder: str) -> None:
    for module in (STATIC / folder).glob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", module.read_text()), module.name


def test_templates_hold_no_script_and_no_style_of_their_own() -> None:
    for folder in ("workbench", "transcript"):
        for template in (Path(settings.BASE_DIR) / "templates" / folder).glob("*.html"):
            text = template.read_text()
            assert not re.search(r"\sstyle=|\son\w+=|javascript:", text), template.name
            assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text)), template.name
