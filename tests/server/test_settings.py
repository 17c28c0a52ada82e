from pathlib import Path

import pytest

from server.problems import SettingsInvalid
from server.settings import Settings


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_an_environment_it_serves_this_machine_only() -> None:
    settings = Settings.from_environment()

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.data_dir == Path.cwd() / ".data"
    assert settings.database_url is None
    assert settings.trusted_proxies == ()
    assert settings.graphiql is True


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "HOST": "::1",
        "PORT": "9000",
        "PUBLIC_URL": "https://back.example.com/office/",
        "TRUSTED_PROXIES": "10.0.0.0/8, 192.168.1.7",
        "DATABASE_URL": "postgresql+asyncpg://user:w0rd@db/office",
        "LOG_LEVEL": "debug",
        "GRAPHIQL": "off",
    }.items():
        monkeypatch.setenv(name, value)

    settings = Settings.from_environment()

    assert settings.base_url == "https://back.example.com/office"
    assert settings.trusted_proxies == ("10.0.0.0/8", "192.168.1.7/32")
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://user:w0rd@db/office"
    assert settings.log_level == "DEBUG"
    assert settings.graphiql is False


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("::1", "http://[::1]:8000"),
        ("::", "http://[::1]:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104
        ("office.example.com", "http://office.example.com:8000"),
    ],
)
def test_the_address_is_one_that_can_be_opened(
    monkeypatch: pytest.MonkeyPatch, host: str, url: str
) -> None:
    monkeypatch.setenv("HOST", host)

    assert Settings.from_environment().base_url == url


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("PORT", "")

    assert Settings.from_environment().database_url is None
    assert Settings.from_environment().port == 8000


def test_the_password_is_not_shown() -> None:
    settings = Settings.model_validate({"database_url": "postgresql://user:w0rd@db/office"})

    assert "word" not in repr(settings)


def test_settings_do_not_change() -> None:
    settings = Settings.from_environment()

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("PORT", "eighty", "PORT: Input should be a valid integer"),
        ("PORT", "70000", "PORT: Input should be less than or equal to 65535"),
        ("POOL_SIZE", "0", "POOL_SIZE: Input should be greater than or equal to 1"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("PUBLIC_URL", "example.com", "PUBLIC_URL: should be a URL like https://"),
        ("DATABASE_URL", "mysql://user:w0rd@db", "DATABASE_URL: should be a URL like postgresql:"),
        ("TRUSTED_PROXIES", "proxy", "TRUSTED_PROXIES: 'proxy' does not appear to be an IPv4"),
        ("GRAPHIQL", "perhaps", "GRAPHIQL: Input should be a valid boolean"),
    ],
)
def test_a_wrong_value_is_named_without_being_quoted_whole(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, complaint: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsInvalid) as caught:
        Settings.from_environment()

    assert str(caught.value).startswith(complaint)
    assert "\n" not in str(caught.value)
    assert "w0rd" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_every_wrong_value_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    monkeypatch.setenv("GRAPHIQL", "perhaps")

    with pytest.raises(SettingsInvalid, match=r"PORT: .*; GRAPHIQL: "):
        Settings.from_environment()
