"""Values are masked by the names they stand under: `password`, `iban`, whatever the settings and a workspace say.

Names count only where people and programs choose them freely, in what a tool was given and gave. An event's own keys
are the vocabulary's, and no configuration can break them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from fnmatch import translate
from functools import lru_cache
from re import Pattern
from typing import Any

from django.conf import settings

from sessions_app.masking.texts import MASK, mask_text

# The keys of an event under which a tool's own names stand.
FREE_KEYS = frozenset({"arguments", "result", "known"})
# Lists and objects in one another. Nobody reads what is deeper, and following it would end with the stack.
DEEPEST = 60
TOO_DEEP = f"{MASK} (nested too deeply)"
# JSON may begin with these, and some programs begin it with a byte order mark.
BLANKS = " \t\r\n\ufeff"


def masked(value: Any, names: Sequence[str] = ()) -> Any:
    """A JSON value without what is named like a secret or looks like one. `names` are a workspace's own.

    The settings' names count always, in any case and with or without `_` and `-`; a `*` stands for anything. Empty
    values and true and false stay: they say that something is set, and not what. What is nested too deeply is masked.
    """
    return _masked(value, _hidden((*settings.MASKED_FIELDS, *names)), 0)


def mask_texts(value: Any, depth: int = 0) -> Any:
    """A JSON value in which each text is masked for itself."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping | list) and depth == DEEPEST:
        return TOO_DEEP
    if isinstance(value, Mapping):
        return {key: mask_texts(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [mask_texts(item, depth + 1) for item in value]
    return value


def mask_event(data: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """An event's data, in which what a tool was given and gave is masked by name too."""
    return {key: masked(value, names) if key in FREE_KEYS else mask_texts(value) for key, value in data.items()}


def check_names(value: Any) -> None:
    """Raise ValueError for what is no list of names."""
    if not isinstance(value, list) or not all(isinstance(name, str) and _plain(name).strip("*") for name in value):
        raise ValueError('Give a list of names: ["passport_number", "*_pin"].')


def nested_too_deeply(value: Any) -> bool:
    """Whether there is more of it than `masked` shows. Not recursive, so any value may be asked about."""
    level = [value]
    for _ in range(DEEPEST):
        level = [one for one in level if isinstance(one, Mapping | list)]
        level = [item for one in level for item in (one.values() if isinstance(one, Mapping) else one)]
    return any(isinstance(one, Mapping | list) for one in level)


def _masked(value: Any, hidden: Pattern[str], depth: int) -> Any:
    if isinstance(value, Mapping | list) and depth == DEEPEST:
        return TOO_DEEP
    if isinstance(value, Mapping):
        return {key: _under(str(key), item, hidden, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, hidden, depth + 1) for item in value]
    if isinstance(value, str):
        return _in_text(value, hidden, depth)
    if isinstance(value, int) and not isinstance(value, bool) and value > 10**12:
        # A card's number may come as a number.
        text = mask_text(str(value))
        return value if text == str(value) else text
    return value


def _under(name: str, value: Any, hidden: Pattern[str], depth: int) -> Any:
    if value is None or isinstance(value, bool) or value in ("", [], {}):
        return value
    return MASK if hidden.match(_plain(name)) else _masked(value, hidden, depth)


def _in_text(text: str, hidden: Pattern[str], depth: int) -> str:
    """Many tools answer with JSON as a text: its names count too."""
    json_text = text.lstrip(BLANKS)
    if json_text.startswith(("{", "[")):
        try:
            inside = json.loads(json_text)
        except (ValueError, RecursionError):
            return mask_text(text)
        without = _masked(inside, hidden, depth)
        return text if without == inside else json.dumps(without, ensure_ascii=False)
    return mask_text(text)


@lru_cache(maxsize=256)
def _hidden(names: tuple[str, ...]) -> Pattern[str]:
    return re.compile("|".join(translate(_plain(name)) for name in names) or r"(?!)")


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return re.sub(r"[\s_.-]", "", name).lower()
