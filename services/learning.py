"""What `classify` and `recommend` learn from: files that the user names, and the graph where it can be reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph.advice.learn.history import Past, Unread, read_history
from graph.driver import Graph
from graph.knowledge import Knowledge, default_knowledge
from graph.reads.history import code_labels, past_items
from graph.rules import present_knowledge
from graph.taxonomy.foreign import ForeignFileError, read_cpv
from schemas.errors import InvalidInputError, UnavailableError
from schemas.settings import Settings

Say = Callable[[str], None]


@dataclass(slots=True)
class Learnt:
    """Past demands, labels of CPV codes, and the rules; `graph` tells whether the graph could be asked."""

    knowledge: Knowledge
    history: list[Past] = field(default_factory=list[Past])
    labels: dict[str, str] = field(default_factory=dict[str, str])
    graph: bool = False


async def learn(settings: Settings, files: Sequence[Path], cpv: Path | None, say: Say) -> Learnt:
    """Read files, then what they leave out from the graph. A graph that cannot be reached is said, and done without."""
    done = Learnt(default_knowledge())
    for file in files:
        done.history += _read(file, say)
    if cpv is not None:
        try:
            done.labels = {code.id: code.label_en for code in read_cpv(cpv)}
        except (ForeignFileError, OSError) as error:
            raise InvalidInputError(str(error)) from error
    graph = Graph(settings)
    try:
        await graph.check()  # at once, where a read would try again for half a minute
        done.knowledge = await present_knowledge(graph)
        done.graph = True
        if not files:
            done.history = await past_items(graph)
        if cpv is None:
            done.labels = await code_labels(graph)
    except UnavailableError as error:
        say(f"Without the graph: {error.detail}.")
    finally:
        await graph.close()
    if not done.history:
        say("No past demands to learn from; give some with --history.")
    return done


def _read(file: Path, say: Say) -> list[Past]:
    """A file, or every .jsonl of a folder. Lines that cannot be used are counted and the first is named."""
    files = sorted(file.glob("*.jsonl")) if file.is_dir() else [file]
    found: list[Past] = []
    for each in files:
        refused = 0
        try:
            with each.open(encoding="utf-8") as lines:
                for row in read_history(lines):
                    if isinstance(row, Unread):
                        refused += 1
                        if refused == 1:
                            say(f"{each.name}, line {row.line}: {row.reason}.")
                    else:
                        found.append(row)
        except (OSError, UnicodeDecodeError) as error:
            msg = f"{each} cannot be read: {error}"
            raise InvalidInputError(msg) from error
        if refused > 1:
            say(f"{each.name}: {refused} lines cannot be learnt from.")
    return found
