"""As agency_producer.py, signed: python signing_producer.py HOST:PORT PRODUCER_ID PRIVATE_KEY.pem."""

import base64
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from kafka import KafkaProducer

bootstrap, producer_id, key_file = sys.argv[1:]
demand = json.loads(Path(__file__).with_name("demand.json").read_text(encoding="utf-8"))
event = {
    "specversion": "1.0",
    "id": str(uuid4()),
    "source": "urn:rai:procurement",
    "type": "ir.peyvand.demand.published.v1",
    "time": datetime.now(UTC).isoformat(),
    "data": {"version": 1, "demand": demand},
}
topic, key, value = "demand-events", demand["id"].encode(), json.dumps(event).encode()

parts = (hashlib.sha256(part).digest() for part in (topic.encode(), key, value))
proof = load_pem_private_key(Path(key_file).read_bytes(), None).sign(b"peyvand record v1\x00" + b"".join(parts))
signature = f"v1 {producer_id} {base64.b64encode(proof).decode()}".encode()

producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
headers = [("content-type", b"application/cloudevents+json; charset=UTF-8"), ("peyvand-signature", signature)]
print(event["id"], "is in", producer.send(topic, value, key, headers).get(timeout=30))
producer.close()
