"""The table of commands: each module adds its own."""

import typer

from services.cli import (
    advice,
    audit,
    chaos,
    dead_letters,
    evaluate,
    exports,
    import_documents,
    imports,
    keys,
    learnt,
    processes,
    producers,
    publish,
    show,
    status,
    taxonomy,
    topics,
)


def add_to(app: typer.Typer) -> None:
    """Add every command to the root."""
    for module in (
        processes,
        publish,
        imports,
        import_documents,
        exports,
        show,
        status,
        topics,
        taxonomy,
        evaluate,
        advice,
        learnt,
        audit,
        keys,
        producers,
        dead_letters,
        chaos,
    ):
        module.add_to(app)
