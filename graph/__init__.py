"""Everything that knows Cypher, and the rules of matching. Imports only schemas."""
