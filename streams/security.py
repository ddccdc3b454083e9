"""How to speak to the brokers, in the terms of each client."""

import ssl
from typing import Any

from schemas.settings import Settings


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    """TLS with the given or the system's certificates, when the protocol asks for it."""
    if not settings.kafka_security_protocol.endswith("SSL"):
        return None
    return ssl.create_default_context(cafile=str(settings.kafka_ca_file) if settings.kafka_ca_file else None)


def client_arguments(settings: Settings) -> dict[str, Any]:
    """Arguments that aiokafka's and kafka-python's clients share."""
    arguments: dict[str, Any] = {
        "bootstrap_servers": [part.strip() for part in settings.kafka_bootstrap_servers.split(",")],
        "security_protocol": settings.kafka_security_protocol,
    }
    context = ssl_context(settings)
    if context is not None:
        arguments["ssl_context"] = context
    if settings.kafka_security_protocol.startswith("SASL"):
        arguments["sasl_mechanism"] = settings.kafka_sasl_mechanism
        arguments["sasl_plain_username"] = settings.kafka_username
        arguments["sasl_plain_password"] = settings.kafka_password.get_secret_value()
    return arguments
