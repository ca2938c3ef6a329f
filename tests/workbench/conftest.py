"""What the tests of the workbench's pages share beside the roles of `tests/fixtures.py`."""

import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client


def page_data(body: str) -> dict[str, Any]:
    """What a page tells its modules."""
    found = re.search(r'<script id="page" type="application/json">(.*?)</script>', body, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.fixture
def desk(operator: User) -> Client:
    """The operator's browser."""
    client = Client()
    client.force_login(operator)
    return client
