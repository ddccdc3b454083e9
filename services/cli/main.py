"""The command line's root: settings, errors as sentences with exit codes, and the table of commands.

Exit codes: 0 done; 1 something inside went wrong; 2 wrong use or invalid input; 4 not found; 5 not possible in the
present state; 6 Kafka or Neo4j is unavailable; 69 a port, the network or the disk; 70 a child process cannot be kept
running; 73 another instance runs; 75-78 a worker ended itself (see docs/reference.md).
"""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from schemas.errors import PeyvandError
from schemas.logs import set_up_logging
from schemas.settings import DATA_DIR, Settings, load_settings
from services.cli import commands
from services.local.errors import LocalStackError

app = typer.Typer(
    name="peyvand",
    help="Peyvand links demands to the domestic suppliers that can serve them, the moment they are published.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


class Context:
    """What every command needs: the settings and the two consoles."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.out = Console(soft_wrap=not sys.stdout.isatty())
        self.err = Console(stderr=True)


@app.callback()
def root(
    context: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(help=f"Data directory of `peyvand up`, whose running stack is spoken to. Default: {DATA_DIR}."),
    ] = None,
) -> None:
    """Read the settings once."""
    settings = load_settings(data_dir)
    set_up_logging(settings)
    context.obj = Context(settings)


commands.add_to(app)


def main() -> None:
    """Run the command; errors for people go to stderr as sentences, never as tracebacks."""
    err = Console(stderr=True)
    try:
        app(standalone_mode=True)
    except PeyvandError as error:
        err.print(f"[red]{error.title}:[/] {error.detail}. {error.hint}".rstrip(), highlight=False)
        sys.exit(error.exit_code)
    except LocalStackError as error:
        err.print(f"[red]{error.sentence}[/] {error.hint}".rstrip(), highlight=False)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as `head` does: that is not an error
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
