"""Do these arguments fit this tool? Asked before a person's edited arguments reach a model that cannot repair them."""

import inspect
from collections.abc import Mapping
from typing import Any, get_type_hints

from pydantic import ConfigDict, ValidationError, create_model

from agents_app.tools.base import Tool
from sessions_app.exceptions import Unprocessable


def check_arguments(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as the tool will get them. Raises Unprocessable that names each one that does not fit."""
    hints = get_type_hints(tool.function)
    _context, *parameters = inspect.signature(tool.function).parameters.values()
    fields: dict[str, Any] = {
        parameter.name: (
            hints[parameter.name],
            ... if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in parameters
    }
    model = create_model(tool.name, __config__=ConfigDict(extra="forbid"), **fields)
    try:
        fitting: dict[str, Any] = model(**arguments).model_dump(mode="json")
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise Unprocessable(f"These arguments do not fit {tool.name}: {problems}.") from None
    return fitting
