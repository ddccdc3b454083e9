"""The embedded servers: a real Kafka broker and a real Neo4j server without installed Java or Docker."""

from services.local.endpoints import Endpoints, Memory
from services.local.errors import LocalStackError
from services.local.prepare import prepare_machine
from services.local.stack import LocalStack

__all__ = ["Endpoints", "LocalStack", "LocalStackError", "Memory", "prepare_machine"]
