"""Kafka in, graph, Kafka out. Imports only graph and schemas."""
