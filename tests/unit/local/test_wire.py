"""What is sent to the servers, byte for byte; the answers are checked against the real ones in tests/local."""

import hashlib

import pytest

from services.local import bolt
from services.local.neo4j_auth import auth_line
from services.local.training import read_statements


@pytest.mark.parametrize(
    ("value", "packed"),
    [
        ("", "80"),
        ("a", "8161"),
        ("x" * 16, "d010" + "78" * 16),
        ("x" * 256, "d10100" + "78" * 256),
        ("پ", "82d9be"),
        (0, "00"),
        (127, "7f"),
        (-1, "ff"),
        (-16, "f0"),
        (-17, "cbffffffffffffffef"),
        (128, "cb0000000000000080"),
        ([1, "a"], "92018161"),
        (list(range(16)), "d410" + bytes(range(16)).hex()),
        ({"n": -1}, "a1816eff"),
        ({"a": {"b": []}}, "a18161a1816290"),
    ],
)
def test_values_are_packed_as_packstream_says(value, packed):
    assert bolt.pack(value).hex() == packed


def test_a_message_is_chunked():
    assert bolt.message(0x02).hex() == "0002b0020000"
    long = bolt.message(0x10, "x" * 65_535, "y")
    assert long[:2] == b"\xff\xff"
    assert long[2 + 65_535 :] == b"\x00\x07" + b"x" * 5 + b"\x81y" + b"\x00\x00"


def test_a_refusal_carries_the_code_of_the_server():
    answer = b"\xb1\x7f\xa2\x84code\xd0\x25Neo.ClientError.Security.Unauthorized\x87message"
    assert bolt.BoltError(answer).code == "Neo.ClientError.Security.Unauthorized"


def test_the_password_line_is_the_hash_repeated_with_salt():
    first = hashlib.sha256(b"\x01" * 32 + b"secret").digest()
    for _ in range(1023):
        first = hashlib.sha256(first).digest()
    assert auth_line("secret", b"\x01" * 32) == f"neo4j:SHA-256,{first.hex()},{'01' * 32},1024:\n"


def test_each_password_line_has_a_salt_of_its_own_and_not_the_password():
    one, other = auth_line("secret"), auth_line("secret")
    assert one != other
    assert "secret" not in one


def test_training_has_statements_for_schema_and_for_rows():
    schema, work = read_statements()
    assert any("CONSTRAINT" in line for line in schema)
    assert any("$rows" in line for line in work)
    assert not any(line.startswith("//") for line in schema + work)
