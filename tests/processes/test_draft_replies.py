"""A draft reply through real workers, and without them."""

import pytest
from pytest_django.fixtures import Settings

from agents_app.services.drafting import request_draft
from sessions_app.actors import Actor
from sessions_app.models import Session
from tests.processes.conftest import Install
from tests.processes.reader import Reader

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]


def test_a_worker_writes_the_draft_and_without_one_the_operator_is_told(
    install: Install, session: Session, operator_actor: Actor, key: str, settings: Settings
) -> None:
    house = install(webs=1, workers=1, beat=True, RUN_SWEEP_SECONDS="0.5")
    with Reader(house.urls, session.name, key=key) as reader:
        written = request_draft(session, actor=operator_actor)
        (told,) = reader.wait_for("notice")
        assert (told["data"]["code"], told["data"]["draft_id"]) == ("draft_reply", str(written.pk))
        assert told["data"]["text"].startswith("Hello")
        house.workers[0].kill()
        settings.DRAFT_REPLY_SECONDS = 2
        lost = request_draft(session, actor=operator_actor)
        *_, told = reader.wait_for("notice", count=2)
        assert (told["data"]["code"], told["data"]["draft_id"]) == ("draft_failed", str(lost.pk))
