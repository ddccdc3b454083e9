"""A broker that authenticates by SASL over TLS and authorises by ACLs, for tests; the embedded one does neither."""

import datetime as dt
import ipaddress
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from schemas.errors import UnavailableError
from schemas.settings import Settings
from services.local import kafka as local_kafka
from services.local.kafka import KafkaServer
from services.local.ports import free_ports
from services.local.prepare import prepare_machine
from streams.admin import admin

USERS = ("admin", "worker", "api", "rai", "stranger")
SECURITY = """\
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin;User:ANONYMOUS
sasl.enabled.mechanisms=PLAIN
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
username="admin" password="admin-secret" {users};
ssl.keystore.type=PEM
ssl.keystore.location=server.pem
ssl.truststore.type=PEM
ssl.truststore.location=ca.pem
"""


def certificate(folder: Path) -> Path:
    """Write a key with its own certificate for 127.0.0.1; returns the file that clients trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "peyvand test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=400))
        .not_valid_after(now + dt.timedelta(days=400))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(Encoding.PEM)
    (folder / "server.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + public)
    (folder / "ca.pem").write_bytes(public)
    return folder / "ca.pem"


class ClosedKafka(KafkaServer):
    """The broker; its one listener for clients speaks SASL_SSL."""

    def launch(self) -> None:
        users = " ".join(f'user_{name}="{name}-secret"' for name in USERS)
        plain = local_kafka.CONFIG
        secured = (
            plain.replace("listeners=PLAINTEXT://", "listeners=SASL_SSL://")
            .replace("map=PLAINTEXT:PLAINTEXT,", "map=SASL_SSL:SASL_SSL,")
            .replace("inter.broker.listener.name=PLAINTEXT", "inter.broker.listener.name=SASL_SSL")
        )
        assert secured.count("SASL_SSL") == 5
        local_kafka.CONFIG = secured + SECURITY.format(users=users)
        try:
            super().launch()
        finally:
            local_kafka.CONFIG = plain


def start(folder: Path) -> tuple[ClosedKafka, Settings]:
    """A broker that runs, and the settings of its admin."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kafka").mkdir()
    ca = certificate(folder / "kafka")
    port, controller = free_ports(2)
    broker = ClosedKafka(
        folder / "kafka", jars=prepare_machine()["kafka"], port=port, controller_port=controller, heap_mb=256
    )
    settings = Settings(
        kafka_bootstrap_servers=broker.address, kafka_security_protocol="SASL_SSL", kafka_sasl_mechanism="PLAIN",
        kafka_username="admin", kafka_password="admin-secret", kafka_ca_file=ca,
    )  # fmt: skip
    broker.launch()
    deadline = time.monotonic() + 90
    while True:
        try:
            with admin(settings) as client:
                client.list_topics()
        except UnavailableError:
            broker.check()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return broker, settings


def stop(broker: ClosedKafka) -> None:
    """Stop it in order."""
    broker.terminate()
    broker.finish(local_kafka.STOP_SECONDS)
