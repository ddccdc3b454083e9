"""From YAML files to a Taxonomy, or to one error that lists everything that is wrong with them."""

from collections.abc import Hashable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, cast

import yaml

from graph.taxonomy.checks import Placed, tree_problems
from graph.taxonomy.entries import EntryReader
from graph.taxonomy.model import Taxonomy
from graph.taxonomy.problems import Problem, TaxonomyError

PACKAGED: Final = Path(__file__).parent / "data"


class _Loader(yaml.CSafeLoader):
    """The fast safe loader that also refuses a key written twice: plain YAML would drop the first."""

    # PyYAML's signature
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            message = "a key is written twice in this entry; join the two"
            raise yaml.constructor.ConstructorError(None, None, message, node.start_mark)
        return mapping


@cache
def default_taxonomy() -> Taxonomy:
    """Return the tree that Peyvand is shipped with, read once in a process."""
    return load_taxonomy(PACKAGED)


def load_taxonomy(source: Path | Iterable[Path]) -> Taxonomy:
    """Read a folder of *.yaml files (or the files listed) into one tree.

    Raises TaxonomyError that lists all problems, each with its file and class; then nothing is loaded.
    """
    problems: list[Problem] = []
    placed: list[Placed] = []
    try:
        files = _files(source)
    except OSError as error:
        raise TaxonomyError([Problem(str(source), "", f"cannot be read: {error.strerror}.")]) from error
    if not files:
        problems.append(Problem(str(source), "", "holds no .yaml file; give a folder or files with classes."))
    for file in files:
        for read in _read(file):
            problems.append(read) if isinstance(read, Problem) else placed.append(read)
    problems.extend(tree_problems(placed))
    if problems:
        raise TaxonomyError(problems)
    return Taxonomy(each.item for each in placed)


def _files(source: Path | Iterable[Path]) -> list[Path]:
    if not isinstance(source, Path):
        return list(source)
    if source.is_file():
        return [source]
    return sorted(each for each in source.iterdir() if each.suffix in {".yaml", ".yml"})


def _read(file: Path) -> Iterator[Placed | Problem]:
    try:
        entries = cast("object", yaml.load(file.read_bytes(), Loader=_Loader))  # noqa: S506 - a CSafeLoader
    except OSError as error:
        yield Problem(file.name, "", f"cannot be read: {error.strerror}.")
        return
    except (yaml.YAMLError, RecursionError) as error:  # the second from lists nested without end
        yield Problem(file.name, "", f"is no valid YAML: {' '.join(str(error).split())}.")
        return
    if not isinstance(entries, list):
        yield Problem(file.name, "", "must hold a list of classes, each starting with '- id: ...'.")
        return
    for number, raw in enumerate(cast("list[object]", entries), start=1):
        yield from _entry(file.name, number, raw)


def _entry(file: str, number: int, raw: object) -> Iterator[Placed | Problem]:
    if not isinstance(raw, dict):
        yield Problem(file, f"entry {number}", "must be a mapping that starts with 'id: ...'.")
        return
    reader = EntryReader(cast("dict[object, object]", raw))
    item = reader.read()
    yield from (Problem(file, item.id or f"entry {number}", fault) for fault in reader.faults)
    if item.id:
        yield Placed(file, item)  # with its faults, lest its children seem orphans: any fault stops the load
