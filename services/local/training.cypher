// Statements that training.py runs: like the graph's in kind, not in content. One a line; -- parts schema from work.
CREATE CONSTRAINT IF NOT EXISTS FOR (n:Thing) REQUIRE n.id IS UNIQUE
CREATE CONSTRAINT IF NOT EXISTS FOR (n:Group) REQUIRE n.id IS UNIQUE
CREATE INDEX IF NOT EXISTS FOR (n:Thing) ON (n.size)
CREATE FULLTEXT INDEX words IF NOT EXISTS FOR (n:Thing) ON EACH [n.text] OPTIONS {indexConfig: {`fulltext.analyzer`: 'persian'}}
CALL db.awaitIndexes(60)
--
UNWIND $rows AS r MERGE (n:Thing {id: r.id}) SET n += r.set MERGE (g:Group {id: r.group}) MERGE (n)-[i:IN]->(g) SET i.rank = r.size
UNWIND $rows AS r MATCH (n:Thing {id: r.id}) WHERE coalesce(n.version, 0) < r.size SET n.version = r.size
MERGE (c:Cursor {id: 'c'}) ON CREATE SET c.next = 0 WITH c CALL (c) { WITH c WHERE c.next >= 0 UNWIND $rows AS r MATCH (n:Thing {id: r.id}) SET n.seen = true RETURN count(*) AS hits } SET c.next = c.next + hits RETURN c.next, hits
UNWIND $rows AS r MATCH (n:Thing {id: r.id})-[:IN]->(g:Group)<-[i:IN]-(m:Thing) WHERE m.size > 10 AND m <> n OPTIONAL MATCH (m)-[:LIKES]->(o:Thing) WITH n, m, max(i.rank) AS rank, count(o) AS likes RETURN n.id AS id, collect({id: m.id, rank: rank, likes: likes})[..20] AS others ORDER BY id LIMIT 50
MATCH (n:Thing) WHERE n.size > 95 AND EXISTS { (n)-[:IN]->(:Group) } RETURN n.id, [(n)-[:IN]->(g) | g.id]
MATCH (a:Thing {id: 'thing 1'})-[:IN*1..3]-(b) RETURN count(DISTINCT b)
CALL db.index.fulltext.queryNodes('words', 'ترمز OR brake') YIELD node, score RETURN node.id, score LIMIT 20
EXPLAIN MATCH (n:Thing {id: 'thing 1'}) RETURN n
MATCH (n:Thing) WITH n LIMIT 20 DETACH DELETE n
