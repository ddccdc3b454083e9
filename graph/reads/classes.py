"""How much stands in a class."""

from graph.driver import Graph

CLASS_USE = """
MATCH (c:ProductClass {id: $id})
RETURN COUNT { (c)<-[:CLASSIFIED_AS]-(:Offer) } AS offers,
       COUNT { (c)<-[:ASKS_FOR]-(:DemandItem {open: true}) } AS open_items
"""


async def class_use(graph: Graph, class_id: str) -> tuple[int, int]:
    """Offers directly in the class, and open demand items that ask for it."""
    rows = await graph.read(CLASS_USE, id=class_id)
    return (rows[0]["offers"], rows[0]["open_items"]) if rows else (0, 0)
