"""A session told to a model that was not there."""

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse

from agents_app.backends.conversations import load
from agents_app.backends.retelling import Side, Turn, is_aside, retell


def told(*turns: Turn) -> list[tuple[str, str]]:
    def line(message: ModelMessage) -> tuple[str, str]:
        assert isinstance(message, ModelRequest | ModelResponse)
        (part,) = message.parts
        return message.kind, str(getattr(part, "content"))  # noqa: B009  # every part that is told has one

    return [line(message) for message in load(retell(turns)).messages]


def test_each_side_is_heard_as_itself_and_in_order() -> None:
    turns = (Turn(Side.CUSTOMER, "hello"), Turn(Side.OURS, "Hi."), Turn(Side.OURS, "Anna here."))
    assert told(*turns) == [("request", "hello"), ("response", "Hi."), ("response", "Anna here.")]


def test_asides_are_told_as_not_from_the_customer() -> None:
    (_, aside) = told(Turn(Side.CUSTOMER, "hello"), Turn(Side.ASIDE, "The tool says 7."))[1]
    assert is_aside(aside) and aside.endswith("The tool says 7.")


def test_a_conversation_always_begins_on_the_customers_side() -> None:
    assert [kind for kind, _ in told(Turn(Side.OURS, "Hi."))] == ["request", "response"]
    ((kind, text),) = told()
    assert kind == "request" and is_aside(text)
