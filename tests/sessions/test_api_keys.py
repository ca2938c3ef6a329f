"""What a key may do, and when it may do nothing more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.actors import SYSTEM
from sessions_app.exceptions import Unprocessable
from sessions_app.models import ApiKey, AuditEntry, Session, Workspace
from sessions_app.services.api_keys import create_api_key, find_api_key, revoke_api_key
from tests.builders import KeyClient
from tests.sessions.refusals import refused

pytestmark = pytest.mark.django_db


def client(workspace: Workspace, *scopes: str) -> KeyClient:
    return KeyClient(create_api_key(workspace, scopes, actor=SYSTEM)[1])


@pytest.mark.parametrize("key", ["", "nonsense", "hr0000000000.wrong", ".", "a.", "ü.ü"])
def test_without_a_good_key_everything_is_401_reading_and_writing(session: Session, key: str) -> None:
    nobody = KeyClient(key.encode().decode("latin1"))
    for answer in (
        nobody.get("/sessions"),
        nobody.get("/status"),
        nobody.get("/sessions/talk/health"),
        nobody.post("/sessions"),
        nobody.post("/sessions/talk/messages", {"text": "x"}),
    ):
        assert refused(answer, 401, "unauthenticated")
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_key_with_the_secret_of_another_is_401(workspace: Workspace, session: Session) -> None:
    one, other = (create_api_key(workspace, ["all"], actor=SYSTEM)[1] for _ in range(2))
    mixed = f"{one.split('.')[0]}.{other.split('.')[1]}"
    assert refused(KeyClient(mixed).get("/sessions"), 401, "unauthenticated")


def test_a_revoked_key_does_nothing_more_at_once_and_revoking_twice_is_audited_once(workspace: Workspace) -> None:
    made, text = create_api_key(workspace, ["all"], actor=SYSTEM)
    assert KeyClient(text).get("/sessions").status_code == 200
    revoke_api_key(made, actor=SYSTEM)
    revoke_api_key(made, actor=SYSTEM)
    assert refused(KeyClient(text).get("/sessions"), 401, "unauthenticated")
    assert refused(KeyClient(text).post("/sessions"), 401, "unauthenticated")
    assert AuditEntry.objects.filter(action="api_key.revoked").count() == 1


def test_a_key_ends_when_it_was_said_to(workspace: Workspace) -> None:
    now = timezone.now()
    for ends, status in ((now - timedelta(seconds=1), 401), (now + timedelta(minutes=1), 200)):
        _, text = create_api_key(workspace, ["all"], actor=SYSTEM, expires_at=ends)
        assert KeyClient(text).get("/sessions").status_code == status


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("get", "/sessions", "sessions"),
        ("post", "/sessions", "sessions"),
        ("get", "/sessions/talk", "sessions"),
        ("get", "/sessions/talk/transcript", "sessions"),
        ("get", "/sessions/talk/log", "sessions"),
        ("get", "/sessions/talk/health", "sessions"),
        ("post", "/sessions/talk/messages", "messages"),
        ("post", "/sessions/talk/stream-ticket", "tickets"),
        ("post", "/sessions/talk/close", "sessions"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_each_operation_needs_its_scope_and_no_other(session: Session, method: str, path: str, scope: str) -> None:
    def call(using: KeyClient) -> int:
        return (using.get(path) if method == "get" else using.post(path, {"text": "x"})).status_code

    others = set(ApiKey.Scope.values) - {scope}
    assert call(client(session.workspace, *others)) == 403
    assert call(client(session.workspace, scope)) in (200, 201, 202)


def test_a_key_sees_as_an_operator_only_with_that_scope(session: Session) -> None:
    from sessions_app.events.record import record  # noqa: PLC0415
    from sessions_app.events.types import EventType  # noqa: PLC0415

    record(session, EventType.OPERATOR_NOTE, {"text": "secret"})
    plain, seeing = client(session.workspace, "sessions"), client(session.workspace, "sessions", "operator")
    for path in ("/sessions/talk/transcript", "/sessions/talk/log"):
        assert b"secret" not in plain.get(path).content
        assert b"secret" in seeing.get(path).content


def test_use_is_noted_at_most_once_a_minute(workspace: Workspace) -> None:
    made, text = create_api_key(workspace, ["all"], actor=SYSTEM)
    find_api_key(text)
    made.refresh_from_db()
    first = made.last_used_at
    assert first is not None
    find_api_key(text)
    made.refresh_from_db()
    assert made.last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(minutes=2))
    find_api_key(text)
    made.refresh_from_db()
    assert made.last_used_at is not None
    assert made.last_used_at >= first


def test_the_key_itself_is_nowhere_kept(workspace: Workspace) -> None:
    made, text = create_api_key(workspace, ["all"], actor=SYSTEM)
    secret = text.split(".")[1]
    kept = [*ApiKey.objects.values_list(), *AuditEntry.objects.values_list()]
    assert secret not in str(kept)
    assert made.prefix in str(kept)


@pytest.mark.parametrize("scopes", [[], ["nonsense"], ["all", "sessions"], ["sessions", "root"]])
def test_a_key_of_unknown_scopes_is_not_made(workspace: Workspace, scopes: list[str]) -> None:
    with pytest.raises(Unprocessable):
        create_api_key(workspace, scopes, actor=SYSTEM)
    assert not ApiKey.objects.exists()
