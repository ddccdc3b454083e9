"""The initial password of a new Neo4j store, as the file that `neo4j-admin dbms set-initial-password` leaves.

Writing it here saves a start of Java. The server reads the file at its first start only; later the password
is in its system database. Format: USER:ALGORITHM,HASH,SALT,ITERATIONS:FLAGS, hash and salt in hex, SHA-256
repeated.
"""

from __future__ import annotations

import hashlib
import secrets

USER = "neo4j"
ITERATIONS = 1024
SALT_BYTES = 32


def auth_line(password: str, salt: bytes | None = None) -> str:
    """Return the line for data/dbms/auth.ini."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    digest = hashlib.sha256(salt + password.encode()).digest()
    for _ in range(ITERATIONS - 1):
        digest = hashlib.sha256(digest).digest()
    return f"{USER}:SHA-256,{digest.hex()},{salt.hex()},{ITERATIONS}:\n"
