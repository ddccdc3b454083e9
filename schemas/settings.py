"""Every setting, read from PEYVAND_* variables. Built only at the roots: worker, API and CLI."""

import os
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.errors import InvalidInputError

ENV_FILE = "peyvand.env"
DATA_DIR = ".peyvand"


class Settings(BaseSettings):
    """Where Kafka and Neo4j are, and how the service behaves."""

    model_config = SettingsConfigDict(env_prefix="PEYVAND_", env_file=None, extra="ignore", frozen=True)

    kafka_bootstrap_servers: str = Field("127.0.0.1:9092", description="Brokers, host:port separated by commas.")
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to speak to the brokers."
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "PLAIN", description="How to log in at the brokers, when the protocol is SASL_*."
    )
    kafka_username: str = Field("", description="User at the brokers, when the protocol is SASL_*.")
    kafka_password: SecretStr = Field(SecretStr(""), description="Password at the brokers.")
    kafka_ca_file: Path | None = Field(None, description="CA certificates for TLS; the system's when empty.")
    kafka_producer_id: str = Field(
        "", description="Id of the producer that this process signs events as; see docs/access.md."
    )
    kafka_signing_key: Path | None = Field(
        None, description="File with that producer's private key (Ed25519, PEM); nothing is signed when empty."
    )
    kafka_replication: int = Field(1, ge=1, le=7, description="Copies of each topic that `topics create` asks for.")
    kafka_partitions: int = Field(
        0,
        ge=0,
        le=500,
        description="Partitions of the event topics; 0 takes the registry's number. Fixed once created.",
    )

    neo4j_uri: str = Field("bolt://127.0.0.1:7687", description="bolt://, neo4j://, bolt+s://, neo4j+s:// address.")
    neo4j_user: str = Field("neo4j", description="User at Neo4j.")
    neo4j_password: SecretStr = Field(SecretStr("peyvand-dev"), description="Password at Neo4j.")
    neo4j_database: str = Field("neo4j", description="Database at Neo4j.")
    neo4j_pool_size: int = Field(32, ge=1, le=1000, description="Connections to Neo4j per process.")

    group_id: str = Field("peyvand", description="Kafka consumer group of the workers.")
    worker_slot: int = Field(
        1, ge=0, le=1000, description="Number of this worker: its static membership in the group; 0 takes a free one."
    )
    slice_max: Annotated[int, Field(ge=1, le=10_000)] = Field(
        1000, description="Most records handled in one transaction."
    )
    lanes: int = Field(4, ge=1, le=64, description="Partitions that one worker handles side by side.")
    kill_at: str = Field(
        "", description="For crash tests: the point in the pipeline at which the process kills itself."
    )
    watchdog_seconds: float = Field(60.0, gt=1, description="Lag without progress for this long ends the worker.")
    dead_letter_share: float = Field(
        0.5, gt=0, le=1, description="Share of dead letters in the last records that stops the worker (a bad deploy)."
    )
    dead_letter_window: int = Field(2000, ge=10, description="How many records that share is taken over.")

    api_host: str = Field("127.0.0.1", description="Address the API listens on.")
    api_port: int = Field(8400, ge=0, le=65_535, description="Port the API listens on.")
    public_url: str = Field("", description="Address of the API as others see it; made of host and port when empty.")

    ocds_prefix: str = Field(
        "ocds-213czf",
        pattern="^ocds-[A-Za-z0-9]{6}$",
        description="OCID prefix of this publisher; by default the example prefix of the standard. Register your own.",
    )
    ocds_publisher: str = Field("Peyvand", min_length=1, description="Name of the publisher in OCDS packages.")
    ocds_license: str = Field("", description="Address of the licence that OCDS packages are published under.")
    ocds_policy: str = Field("", description="Address of the publication policy that OCDS packages name.")

    access: Literal["open", "keys"] = Field(
        "open",
        description="Who may use the API: `open`, whoever reaches this machine's loopback, as admin; `keys`, who sends a key or token.",
    )
    access_open_anywhere: bool = Field(
        False, description="Open access on other addresses than the loopback too: anybody who reaches it is admin then."
    )
    oidc_issuer: str = Field("", description="Issuer of bearer tokens (OpenID Connect); none are taken when empty.")
    oidc_audience: str = Field("", description="Audience that tokens must be for.")
    oidc_jwks_url: str = Field(
        "", description="Where the issuer's keys are; found by its discovery document when empty."
    )
    oidc_role_claim: str = Field("roles", description="Claim with the role or roles; dots lead into objects.")
    oidc_subject_claim: str = Field(
        "organisation", description="Claim with the buyer id of an agency or the supplier id of a supplier."
    )
    oidc_roles: str = Field(
        "",
        pattern=r"^(\S+=(agency|supplier|task_force|registrar|admin)( +|$))*$",
        description="What roles of the issuer are here: `theirs=ours`, separated by spaces; the same names when empty.",
    )
    rate_per_second: float = Field(
        50.0, ge=0, description="Requests a second that one key or token may make at one API process; 0 for any number."
    )
    rate_burst: int = Field(200, ge=1, description="Requests that it may make at once after a pause.")
    anonymous_rate_per_second: float = Field(
        10.0, ge=0, description="As above, for one address that names nobody or fails to; 0 for any number."
    )
    anonymous_rate_burst: int = Field(100, ge=1, description="As above, at once.")
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses of proxies, by commas, whose X-Forwarded-For and -Proto are believed."
    )
    cors_origins: str = Field(
        "",
        pattern=r"^(https?://[^\s/*]+( +|$))*$",
        description="Web origins, separated by spaces, whose pages may use the API; none when empty.",
    )
    audit_days: int = Field(400, ge=1, le=36_500, description="Days that the log of who did what is kept.")

    deliver_at_once: int = Field(32, ge=1, le=1000, description="Endpoints that one worker delivers to side by side.")
    webhook_schedule: str = Field(
        "0 5s 5m 30m 2h 5h 10h 14h 20h 24h",
        pattern=r"^\d+(\.\d+)?[smhd]?( +\d+(\.\d+)?[smhd]?)*$",
        description="Waits before each attempt of a delivery, in s, m, h or d; as many attempts as waits.",
    )
    webhook_timeout_seconds: float = Field(15.0, gt=0, le=60, description="Longest a webhook may take to answer.")
    webhook_disable_days: float = Field(5.0, gt=0, description="Days of nothing but failures that disable an endpoint.")
    webhook_ports: str = Field("443 8443", pattern=r"^\d+( +\d+)*$", description="Ports that webhooks may have.")
    webhook_allow_private: bool = Field(
        False, description="Webhooks may be http, on any port and at private addresses: for tests and development."
    )
    smtp_host: str = Field("", description="Mail server; without it nothing is sent to e-mail endpoints.")
    smtp_port: int = Field(587, ge=1, le=65_535, description="Port of the mail server.")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        "starttls", description="How mail is protected on its way."
    )
    smtp_user: str = Field("", description="User at the mail server; none when empty.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the mail server.")
    smtp_from: str = Field("peyvand@localhost", description="Sender of mail.")
    utc_offset_hours: float = Field(3.5, ge=-12, le=14, description="Local time for digests and quiet hours.")
    digest_at: str = Field("07:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Local time of the daily digest.")
    gap_settle_seconds: float = Field(
        60.0, ge=0, description="Calm after new near misses before a supplier is told of gaps, so that it is told once."
    )
    deadline_days: int = Field(
        3, ge=0, le=60, description="Days before the closing of a demand that it is reminded of."
    )

    data_dir: Path = Field(Path(DATA_DIR), description="Where `peyvand up` keeps the embedded servers' data.")
    today: date | None = Field(None, description="Fixes the date that validity is judged by; the real one when empty.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged.")
    log_json: bool = Field(False, description="Logs as JSON lines rather than for people.")

    def current_date(self) -> date:
        """Today where the service is at home, by which all processes judge: a demand closes at the end of its day there."""
        return self.today or datetime.now(timezone(timedelta(hours=self.utc_offset_hours))).date()


def load_settings(data_dir: Path | None = None) -> Settings:
    """Settings of the environment; what it does not set comes from the running `peyvand up` of the data directory."""
    folder = data_dir or Path(os.environ.get("PEYVAND_DATA_DIR", DATA_DIR))
    given = {"data_dir": folder} if data_dir is not None else {}
    try:
        return Settings(_env_file=folder / ENV_FILE, **given)  # type: ignore[call-arg]
    except ValidationError as error:
        said = "; ".join(
            _setting_error(one["loc"], one["msg"]) for one in error.errors(include_input=False, include_url=False)
        )
        raise InvalidInputError(
            said, hint="`peyvand doctor` lists the settings; docs/reference.md says what each takes."
        ) from None


def _setting_error(place: tuple[int | str, ...], message: str) -> str:
    name = f"PEYVAND_{place[0]}".upper() if place else "the settings"
    return f"{name}: {message}"


def write_env_file(settings: Settings, file: Path) -> None:
    """Write the settings so that every process of this machine's stack has the same; readable by the owner alone."""
    lines: list[str] = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if value is None or value == "":
            continue
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if text:
            lines.append(f"PEYVAND_{name.upper()}={text}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
