"""Catalogues of translations as they lie in the repository: the text (.po) and what is made of it (.mo)."""

import ast
import re
from dataclasses import dataclass, field
from gettext import GNUTranslations
from pathlib import Path

from django.conf import settings
from django.utils.translation import to_locale

KEYWORD = re.compile(r'(msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")\Z')


@dataclass
class Message:
    """`forms` are the translations: one, or one for each of the language's plural forms."""

    msgid: str
    plural: str | None = None
    forms: list[str] = field(default_factory=list)
    fuzzy: bool = False


def path_of(language: str, domain: str, suffix: str) -> Path:
    folder = Path(settings.BASE_DIR) / "sessions_app" / "locale" / to_locale(language) / "LC_MESSAGES"
    return folder / f"{domain}.{suffix}"


def messages(language: str, domain: str) -> list[Message]:
    """The .po file's, without its header."""
    blocks = path_of(language, domain, "po").read_text().split("\n\n")
    return [read for block in blocks if (read := _read(block)).msgid]


def plural_forms(language: str, domain: str) -> int:
    found = re.search(r"nplurals=(\d)", path_of(language, domain, "po").read_text())
    assert found
    return int(found[1])


def compiled(language: str, domain: str) -> dict[str | tuple[str, int], str]:
    """What the .mo file holds: by msgid, or by msgid and plural form."""
    with path_of(language, domain, "mo").open("rb") as file:
        catalogue: dict[str | tuple[str, int], str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in catalogue.items() if key != ""}


def _read(block: str) -> Message:
    message = Message("")
    last = ""
    for line in block.splitlines():
        if line.startswith("#"):
            message.fuzzy = message.fuzzy or "fuzzy" in line
            continue
        if found := KEYWORD.match(line):
            last, text = found[1], ast.literal_eval(found[2])
        else:
            text = ast.literal_eval(line)
        if last == "msgid":
            message.msgid += text
        elif last == "msgid_plural":
            message.plural = (message.plural or "") + text
        elif found:
            message.forms.append(text)
        else:
            message.forms[-1] += text
    return message
