"""From the model string of an agent to the model that answers."""

import pydantic_ai
from pydantic_ai.models import Model, infer_model
from pydantic_ai.providers import Provider, infer_provider

from agents_app.backends.base import BackendError
from agents_app.backends.demo_model import demo_model

DEMO = "demo"
OPENAI = "openai:"
OPENAI_HOST = "https://api.openai.com/"


def choose_model(name: str) -> Model:
    """Build the model `name` stands for. Credentials and addresses are read by the provider's own client.

    `openai:` with another base URL means a compatible server; those speak Chat Completions, and few of them
    the Responses API that the engine would choose.
    """
    if name == DEMO:
        return demo_model()
    try:
        if name.startswith(OPENAI) and not _base_url(infer_provider("openai")).startswith(OPENAI_HOST):
            name = f"openai-chat:{name.removeprefix(OPENAI)}"
        return infer_model(name)
    except (pydantic_ai.UserError, ImportError, ValueError) as error:
        raise BackendError("unknown_model", f"The model {name!r} cannot be used: {error}") from None


def _base_url(provider: Provider[object]) -> str:
    return provider.base_url.rstrip("/") + "/"
