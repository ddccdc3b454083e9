"""What must hold between the classes of a tree: ids, parents, processes, aliases and no cycle."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from graph.taxonomy.model import ProductClass
from graph.taxonomy.problems import Problem
from graph.taxonomy.text import normalise_alias


class Placed(NamedTuple):
    """A class and the file that it was read from."""

    file: str
    item: ProductClass


def tree_problems(placed: Sequence[Placed]) -> list[Problem]:
    """Return every problem between the classes. Each check looks at all of them, none hides another's."""
    first: dict[str, Placed] = {}
    for each in placed:
        first.setdefault(each.item.id, each)
    return [
        *_repeated_ids(placed, first),
        *_links(placed, first),
        *_domains(placed, first),
        *_cycles(first),
        *_repeated_aliases(first.values()),
    ]


def _repeated_ids(placed: Iterable[Placed], first: Mapping[str, Placed]) -> Iterator[Problem]:
    for each in placed:
        if first[each.item.id] is not each:
            where = first[each.item.id].file
            yield Problem(each.file, each.item.id, f"this id stands already in {where}; give one class another.")


def _links(placed: Iterable[Placed], first: Mapping[str, Placed]) -> Iterator[Problem]:
    for file, item in placed:
        for parent in item.broader:
            if parent not in first:
                yield Problem(file, item.id, f"broader names {parent!r}, which no file defines.")
        for process in item.made_by:
            if process not in first:
                yield Problem(file, item.id, f"made_by names {process!r}, which no file defines.")
            elif first[process].item.form not in {"process", "service"}:
                form = first[process].item.form
                yield Problem(file, item.id, f"made_by names {process!r}, a {form} and no process.")


def _domains(placed: Iterable[Placed], first: Mapping[str, Placed]) -> Iterator[Problem]:
    for file, item in placed:
        root = first.get(item.domain)
        if not item.broader and item.domain != item.id:
            text = "broader is empty; only a root, whose domain is its own id, may stand without a parent."
            yield Problem(file, item.id, text)
        elif item.domain != "general" and (root is None or root.item.broader):
            yield Problem(file, item.id, f"domain {item.domain!r} is no root; use a root's id or 'general'.")


def _cycles(first: Mapping[str, Placed]) -> Iterator[Problem]:
    """Yield one problem for each cycle met by a depth-first walk from child to parent."""
    done: set[str] = set()
    for start in first:
        trail: dict[str, Iterator[str]] = {}
        if start not in done:
            trail[start] = iter(first[start].item.broader)
        while trail:
            here = next(reversed(trail))
            parent = next(trail[here], None)
            if parent is None:
                done.add(here)
                trail.popitem()
            elif parent in trail:
                ids = list(trail)
                loop = [*ids[ids.index(parent) :], parent]
                text = f"broader goes in a circle: {' -> '.join(loop)}; cut it at one place."
                yield Problem(first[parent].file, parent, text)
            elif parent in first and parent not in done:
                trail[parent] = iter(first[parent].item.broader)


def _repeated_aliases(placed: Iterable[Placed]) -> Iterator[Problem]:
    seen: dict[str, tuple[str, str]] = {}
    for file, item in placed:
        for _, name in item.names():
            holder, held = seen.setdefault(normalise_alias(name), (item.id, name))
            if holder != item.id:
                text = f"alias {name!r} stands already on {holder!r} (as {held!r}); an alias names one class."
                yield Problem(file, item.id, text)
            elif held is not name:
                yield Problem(file, item.id, f"alias {name!r} is written twice (also as {held!r}); remove one.")
