"""A person who edits arguments never turns a mask into a value."""

from typing import Any

import pytest
from hypothesis import given

from sessions_app.masking.editing import MaskMoved, unmasked
from sessions_app.masking.fields import masked
from sessions_app.masking.texts import MASK
from tests.privacy.test_masking import json_values, nested

REAL = {"amount": "20", "password": "hunter2", "to": [{"iban": "DE1", "sum": 1}, {"iban": "DE2", "sum": 2}]}


def edited(**changes: Any) -> dict[str, Any]:
    return {**masked(REAL), **changes}


@given(json_values)
def test_what_was_left_alone_is_what_it_was(value: Any) -> None:
    assert unmasked(masked(value), value) == value


def test_the_rest_may_be_changed_and_what_is_masked_stays_real() -> None:
    assert unmasked(edited(amount="5"), REAL) == {**REAL, "amount": "5"}


def test_what_is_masked_may_be_replaced_or_left_out() -> None:
    assert unmasked(edited(password="other"), REAL)["password"] == "other"
    assert "password" not in unmasked({"amount": "20"}, REAL)


def test_one_entry_of_a_list_may_be_changed_in_its_place() -> None:
    changed = unmasked(edited(to=[{"iban": MASK, "sum": 9}, {"iban": MASK, "sum": 2}]), REAL)
    assert changed["to"] == [{"iban": "DE1", "sum": 9}, {"iban": "DE2", "sum": 2}]


def test_entries_of_a_list_keep_their_own_values_when_they_are_moved_or_removed() -> None:
    first, second = masked(REAL)["to"]
    assert unmasked(edited(to=[second, first]), REAL)["to"] == [REAL["to"][1], REAL["to"][0]]
    assert unmasked(edited(to=[second]), REAL)["to"] == [REAL["to"][1]]


@pytest.mark.parametrize(
    "change",
    [
        {"amount": MASK},
        {"new": MASK},
        {"password": f"{MASK} and more"},
        {"to": [{"iban": MASK, "sum": 9}]},
        {"to": [{"iban": MASK, "sum": 2}, {"iban": MASK, "sum": 9}]},
        {"amount": {"password": MASK}},
    ],
)
def test_a_mask_that_was_not_shown_there_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(MaskMoved, match="holds a masked part"):
        unmasked(edited(**change), REAL)


def test_two_that_look_alike_cannot_be_told_apart() -> None:
    real = [{"pin": 1}, {"pin": 2}]
    with pytest.raises(MaskMoved):
        unmasked([{"pin": MASK}], real)


def test_what_the_agent_itself_wrote_as_a_mask_is_a_value() -> None:
    assert unmasked({"text": MASK}, {"text": MASK}) == {"text": MASK}


def test_two_that_look_alike_and_are_alike_need_not_be_told_apart() -> None:
    assert unmasked([{"pin": MASK}], [{"pin": 1}, {"pin": 1}]) == [{"pin": 1}]


@pytest.mark.parametrize("levels", [60, 600, 100_000])
def test_what_is_nested_too_deeply_is_refused(levels: int) -> None:
    with pytest.raises(MaskMoved, match="nested too deeply"):
        unmasked({"amount": nested(levels, 1)}, REAL)


def test_what_is_shown_as_nested_too_deeply_may_be_left_alone() -> None:
    real = {"amount": 1, "inner": nested(600, "x")}
    changed = unmasked({**masked(real), "amount": 2}, real)
    assert changed["amount"] == 2 and changed["inner"] is not None
    assert masked(changed["inner"]) == masked(real["inner"])


class Counted(str):
    """A text that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


def test_a_long_list_is_not_compared_each_with_each() -> None:
    real = [f"entry {number}" for number in range(500)]
    moved = [Counted(text) for text in reversed(real)]
    assert unmasked(moved, real) == real[::-1]
    assert Counted.compared < 10 * len(real)
