"""What an operator sets, through the environment. Read once, at the start, and handed down."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from server.problems import SettingsInvalid

# Served everywhere, it is certainly here.
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def _postgresql(url: SecretStr) -> SecretStr:
    scheme, found, rest = url.get_secret_value().partition("://")
    if not found or scheme.split("+")[0] not in {"postgresql", "postgres"}:
        raise ValueError("should be a URL like postgresql://user:password@host:5432/database")
    return SecretStr(f"postgresql://{rest}")


def _web(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("should be a URL like https://backoffice.example.com")
    return url.rstrip("/")


def _words(text: object) -> object:
    return text.replace(",", " ").split() if isinstance(text, str) else text


def _network(text: str) -> str:
    return str(ip_network(text))


class Settings(BaseSettings):
    """Each field is the environment variable of the same name, in capitals."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, extra="ignore")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000  # 0: any free one
    public_url: Annotated[str, AfterValidator(_web)] | None = None
    trusted_proxies: Annotated[
        tuple[Annotated[str, AfterValidator(_network)], ...], NoDecode, BeforeValidator(_words)
    ] = ()
    shutdown_timeout: Annotated[int, Field(ge=0, le=3600)] = 5  # seconds, for open streams

    data_dir: Annotated[Path, AfterValidator(Path.absolute)] = Field(
        default=Path(".data"), validate_default=True
    )
    database_url: Annotated[SecretStr, AfterValidator(_postgresql)] | None = None
    pool_size: Annotated[int, Field(ge=1, le=1000)] = 10
    database_statement_timeout: Annotated[float, Field(gt=0, le=3600)] = 30.0  # seconds

    webhooks_allow_private: bool = False  # also http, and addresses of one's own network
    demo: bool = True  # fill an empty database with the demo organizations
    graphiql: bool = True
    metrics: bool = True
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)
    ] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @classmethod
    def from_environment(cls) -> Self:
        """Raises SettingsInvalid, which names every variable that is wrong."""
        try:
            return cls()
        except ValidationError as invalid:
            raise SettingsInvalid(
                "; ".join(
                    f"{str(error['loc'][0]).upper()}: {error['msg'].removeprefix('Value error, ')}"
                    for error in invalid.errors(include_input=False, include_url=False)
                )
            ) from None

    @property
    def base_url(self) -> str:
        """How clients reach this server, without a slash at the end."""
        name = ANYWHERE.get(self.host, self.host)
        host = f"[{name}]" if ":" in name else name
        return self.public_url or f"http://{host}:{self.port}"
