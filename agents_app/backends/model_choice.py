"""From the model string of an agent to the model that answers."""

from functools import partial
from typing import Any

import pydantic_ai
from pydantic_ai.models import Model, infer_model
from pydantic_ai.providers import Provider, infer_provider, infer_provider_class

from agents_app.backends.base import Assignment, BackendError
from agents_app.backends.demo_model import demo_model

DEMO = "demo"
OPENAI = "openai:"
OPENAI_HOST = "https://api.openai.com/"


def choose_model(assignment: Assignment) -> Model:
    """Build the model an assignment asks for. Credentials are read from the environment by the provider's own client.

    `openai:` with another base URL means a compatible server; those speak Chat Completions, and few of them
    the Responses API that the engine would choose.
    """
    name = assignment.model
    if name == DEMO:
        return demo_model()
    reach = partial(_provider, assignment.base_url)
    try:
        if name.startswith(OPENAI) and not _base_url(reach("openai")).startswith(OPENAI_HOST):
            name = f"openai-chat:{name.removeprefix(OPENAI)}"
        return infer_model(name, provider_factory=reach)
    except (pydantic_ai.UserError, ImportError, ValueError, TypeError) as error:
        raise BackendError("unknown_model", f"The model {name!r} cannot be used: {error}") from None


def _provider(base_url: str, name: str) -> Provider[Any]:
    if not base_url:
        provider = infer_provider(name)
    elif base_url.startswith(("http://", "https://")):
        make: Any = infer_provider_class(name)
        provider = make(base_url=base_url)
    else:
        raise ValueError("its base URL is neither http:// nor https://.")
    if hasattr(provider.client, "max_retries"):
        # Whether a request is made again is for one place to say: ours, which knows what was said already.
        provider.client.max_retries = 0
    return provider


def _base_url(provider: Provider[Any]) -> str:
    return provider.base_url.rstrip("/") + "/"
