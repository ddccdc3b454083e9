"""Endpoints, preferences, deliveries and inbox cursors: records of the graph alone, kept over a rebuild.

(:Endpoint {supplier})   (:Preference {supplier})   (:Inbox {supplier})   (:Planned {id: topic:partition})
(:Delivery {endpoint, notice, state})-[:OF]->(:Notice)

They point to the rest by id, for a rebuild deletes and makes anew what they would be related to.
"""
