"""Telling suppliers outside of Kafka: webhooks and mail."""
