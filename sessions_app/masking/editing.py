"""Who edits arguments was shown masks. What they left alone is real again before it runs."""

from collections.abc import Mapping, Sequence
from typing import Any

from sessions_app.masking.fields import masked
from sessions_app.masking.texts import MASK


class MaskMoved(ValueError):
    """A mask stands where none was shown, or in a value that was changed. The message says where."""


def unmasked(edited: Any, real: Any, names: Sequence[str] = ()) -> Any:
    """What somebody made of a value they were shown masked, with the real values where they left the masks.

    Raises MaskMoved rather than let a mask be taken for a value.
    """
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
    found = []
    for index, item in enumerate(edited):
        same = [real[place] for place, one in enumerate(shown) if one == item]
        if len(edited) == len(shown) and (item == shown[index] or others == 1):
            # Everything else is in its place, so this one is, too.
            found.append(_unmasked(item, shown[index], real[index], f"{path}[{index}]"))
        elif same and all(one == same[0] for one in same):
            found.append(same[0])
        else:
            # Whose place it had is not known: a mask in it could be anybody's.
            found.append(_unmasked(item, None, None, f"{path}[{index}]"))
    return found
