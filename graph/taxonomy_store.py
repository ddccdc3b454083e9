"""The product-class tree in the graph: swapped whole in one transaction; readers see the old or the new one.

(:ProductClass)-[:BROADER]->(:ProductClass)    (:ProductClass)-[:SAME_AS]->(:Code {scheme, id})
"""

import json
from collections.abc import Iterable
from dataclasses import asdict

from graph.driver import Graph, Row, Tx
from graph.taxonomy.foreign import Code
from graph.taxonomy.model import ProductClass, Taxonomy
from graph.writes.props import search_text

PUT_CLASSES = """
UNWIND $rows AS r
MERGE (c:ProductClass {id: r.id})
SET c += r.props, c.retired = false
"""

# A class that the new tree lacks is kept while offers or items stand in it, so that no link is lost silently
RETIRE_CLASSES = """
MATCH (c:ProductClass)
WHERE NOT c.id IN $ids
SET c.retired = true
"""

UNLINK_CLASSES = """
MATCH (c:ProductClass)-[old:BROADER|SAME_AS]->()
DELETE old
"""

LINK_BROADER = """
UNWIND $rows AS r
MATCH (c:ProductClass {id: r.id})
CALL (r) {
  MATCH (b:ProductClass {id: r.to})
  RETURN b
}
MERGE (c)-[:BROADER]->(b)
"""

LINK_CODES = """
UNWIND $rows AS r
MATCH (c:ProductClass {id: r.id})
MERGE (k:Code {key: r.to})
  ON CREATE SET k.scheme = r.scheme, k.id = r.code
MERGE (c)-[:SAME_AS]->(k)
"""

PUT_VERSION = """
MERGE (m:Meta {id: 'taxonomy'})
SET m.version = $version, m.classes = $classes, m.packaged = $packaged
"""

READ_VERSION = """
MATCH (m:Meta {id: 'taxonomy'})
RETURN m.version AS version, m.classes AS classes, coalesce(m.packaged, false) AS packaged
"""

READ_CLASSES = """
MATCH (c:ProductClass {retired: false})
RETURN c.body AS body ORDER BY c.id
"""

PUT_CODES = """
UNWIND $rows AS r
MERGE (k:Code {key: r.key})
SET k.scheme = r.scheme, k.id = r.id, k.label = r.label
"""

LINK_CODE_PARENTS = """
UNWIND $rows AS r
MATCH (k:Code {key: r.key})
CALL (r) {
  MATCH (p:Code {key: r.parent})
  RETURN p
}
MERGE (k)-[:BROADER]->(p)
"""

BATCH = 2000


async def stored_is_packaged(graph: Graph) -> bool:
    """Whether the graph's tree came with a release rather than from a user's files."""
    rows = await graph.read(READ_VERSION)
    return bool(rows and rows[0]["packaged"])


async def stored_version(graph: Graph) -> str | None:
    """The version of the tree in the graph, or None before the first load."""
    rows = await graph.read(READ_VERSION)
    return rows[0]["version"] if rows else None


async def read_taxonomy(graph: Graph) -> Taxonomy | None:
    """The tree that the graph holds, or None before the first load."""
    rows = await graph.read(READ_CLASSES)
    classes = [json.loads(row["body"]) for row in rows]
    return Taxonomy(_product_class(fields) for fields in classes) if classes else None


async def store_taxonomy(graph: Graph, taxonomy: Taxonomy, *, packaged: bool = False) -> int:
    """Make the graph's tree this one, in one transaction; returns the number of classes."""
    classes = [_class_row(taxonomy, class_id) for class_id in sorted(taxonomy.classes)]
    broader = sorted((c.id, to) for c in taxonomy.classes.values() for to in c.broader)
    codes = sorted(
        (scheme, code, c.id) for c in taxonomy.classes.values() for scheme, found in c.codes.items() for code in found
    )

    async def work(tx: Tx) -> None:
        await tx.run(PUT_CLASSES, rows=classes)
        await tx.run(RETIRE_CLASSES, ids=[row["id"] for row in classes])
        await tx.run(UNLINK_CLASSES)
        await tx.run(LINK_BROADER, rows=[{"id": one, "to": to} for one, to in broader])
        rows = [{"id": one, "to": f"{scheme}:{code}", "scheme": scheme, "code": code} for scheme, code, one in codes]
        await tx.run(LINK_CODES, rows=rows)
        await tx.run(PUT_VERSION, version=taxonomy.version, classes=len(classes), packaged=packaged)

    await graph.write(work)
    return len(classes)


async def store_codes(graph: Graph, codes: Iterable[Code]) -> int:
    """Put the codes of a foreign classification with their labels; returns how many."""
    rows = [
        {
            "key": f"{code.scheme}:{code.id}", "scheme": code.scheme, "id": code.id, "label": code.label_en,
            "parent": f"{code.scheme}:{code.parent}" if code.parent else None,
        }
        for code in codes
    ]  # fmt: skip
    for statement, wanted in ((PUT_CODES, rows), (LINK_CODE_PARENTS, [row for row in rows if row["parent"]])):
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]

            async def work(tx: Tx, statement: str = statement, batch: list[Row] = batch) -> None:
                await tx.run(statement, rows=batch)  # type: ignore[arg-type]

            await graph.write(work)
    return len(rows)


def _class_row(taxonomy: Taxonomy, class_id: str) -> Row:
    one = taxonomy.classes[class_id]
    names = [name for _, name in one.names()]
    return {
        "id": class_id,
        "props": {
            "name_en": one.en, "name_fa": one.fa, "domain": one.domain, "form": one.form, "search": search_text(*names),
            "body": json.dumps(asdict(one), ensure_ascii=False),
        },
    }  # fmt: skip


def _product_class(fields: Row) -> ProductClass:
    aliases, codes = ({k: tuple(v) for k, v in fields[name].items()} for name in ("aliases", "codes"))
    return ProductClass(
        id=fields["id"],
        en=fields["en"],
        fa=fields["fa"],
        domain=fields["domain"],
        form=fields["form"],
        broader=tuple(fields["broader"]),
        aliases=aliases,
        made_by=tuple(fields["made_by"]),
        codes=codes,
    )
