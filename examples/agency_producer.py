"""Publish the demand of demand.json with nothing but kafka-python: python agency_producer.py HOST:PORT."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from kafka import KafkaProducer

demand = json.loads(Path(__file__).with_name("demand.json").read_text(encoding="utf-8"))
event = {
    "specversion": "1.0",
    "id": str(uuid4()),
    "source": "https://rai.ir/procurement",
    "type": "ir.peyvand.demand.published.v1",
    "time": datetime.now(UTC).isoformat(),
    "datacontenttype": "application/json",
    "data": {"version": 1, "demand": demand},
}
producer = KafkaProducer(bootstrap_servers=sys.argv[1], acks="all")
headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
sent = producer.send("demand-events", json.dumps(event).encode(), demand["id"].encode(), headers)
print(event["id"], "is in", sent.get(timeout=30))
producer.close()
