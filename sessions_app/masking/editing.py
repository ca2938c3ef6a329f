"""Who edits arguments was shown masks. What they left alone is real again before it runs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sessions_app.masking.fields import masked, nested_too_deeply
from sessions_app.masking.texts import MASK


class MaskMoved(ValueError):
    """What was edited cannot be real again: a mask stands where none was shown or in a value that was changed, or it
    is nested too deeply. The message says which, and where.
    """


def unmasked(edited: Any, real: Any, names: Sequence[str] = ()) -> Any:
    """What somebody made of a value they were shown masked, with the real values where they left the masks.

    Raises MaskMoved rather than let a mask be taken for a value.
    """
    if nested_too_deeply(edited):
        raise MaskMoved("The value is nested too deeply: make it flatter.")
    return _unmasked(edited, masked(real, names), real, "")


def _unmasked(edited: Any, shown: Any, real: Any, path: str) -> Any:
    if edited == shown:
        return real
    if isinstance(edited, Mapping):
        if not isinstance(shown, Mapping):
            shown = real = {}
        return {
            key: _unmasked(item, shown.get(key), real.get(key), f"{path}.{key}" if path else str(key))
            for key, item in edited.items()
        }
    if isinstance(edited, list):
        return _unmasked_list(edited, shown, real, path)
    if isinstance(edited, str) and MASK in edited and edited != real:
        raise MaskMoved(f"{path or 'The value'} holds a masked part: leave all of it as it was, or write all of it.")
    return edited


def _unmasked_list(edited: list[Any], shown: Any, real: Any, path: str) -> list[Any]:
    if not isinstance(shown, list):
        shown = real = []
    others = sum(1 for index, item in enumerate(edited) if index >= len(shown) or item != shown[index])
    in_place = len(edited) == len(shown)
    moved: dict[str, list[Any]] = {} if in_place and others <= 1 else _by_what_is_shown(shown, real)
    found = []
    for index, item in enumerate(edited):
        if in_place and (others == 1 or item == shown[index]):
            # Everything else is in its place, so this one is, too.
            found.append(_unmasked(item, shown[index], real[index], f"{path}[{index}]"))
        elif len(same := moved.get(_text(item), [])) == 1:
            found.append(same[0])
        else:
            # Whose place it had is not known: a mask in it could be anybody's.
            found.append(_unmasked(item, None, None, f"{path}[{index}]"))
    return found


def _by_what_is_shown(shown: list[Any], real: list[Any]) -> dict[str, list[Any]]:
    """The real entries behind each that is shown: two at most, which cannot be told apart."""
    found: dict[str, list[Any]] = {}
    for seen, one in zip(shown, real, strict=True):
        behind = found.setdefault(_text(seen), [])
        if len(behind) < 2 and one not in behind:
            behind.append(one)
    return found


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
