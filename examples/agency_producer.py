"""Publish a demand to Peyvand with nothing but kafka-python: python agency_producer.py demand.json [bootstrap]."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from kafka import KafkaProducer

demand = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
event = {
    "specversion": "1.0",
    "id": str(uuid4()),
    "source": "https://rai.ir/procurement",
    "type": "ir.peyvand.demand.published.v1",
    "time": datetime.now(UTC).isoformat(),
    "datacontenttype": "application/json",
    "data": {"version": 1, "demand": demand},
}
producer = KafkaProducer(bootstrap_servers=sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1:9092", acks="all")
headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
sent = producer.send("demand-events", json.dumps(event).encode(), demand["id"].encode(), headers)
print(event["id"], "is in", sent.get(timeout=30))
producer.close()
