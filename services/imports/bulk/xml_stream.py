"""XML read piece by piece with bounds on everything: no entities, no endless tokens, no more than was agreed."""

from collections.abc import Callable, Iterator
from typing import IO, Final
from xml.parsers import expat
from zipfile import BadZipFile
from zlib import error as ZlibError  # noqa: N812 - it is an exception's name

from services.imports.bulk.cells import Said
from services.imports.bulk.errors import TableError

CHUNK: Final = 1 << 16
_MOST_TOKEN: Final = 1 << 22
"""Bytes without a whole token: expat would gather them without end."""
_MOST_DEPTH: Final = 64
UNREADABLE: Final = (
    expat.ExpatError,
    BadZipFile,
    ZlibError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What a part that is no XML, or no whole member of an archive, is met with."""
Attributes = dict[str, str]


class DamagedError(TableError):
    """The file is not what its name says, or is made to do harm."""


def damaged(said: Said) -> DamagedError:
    """A file that cannot be read on."""
    whole = Said(f"The workbook cannot be read: {said.en}.", f"پرونده خوانده نمی‌شود: {said.fa}.")
    return DamagedError(whole, hint="Open it in a spreadsheet program and save it again as .xlsx.")


def failed(error: Exception) -> DamagedError:
    """A file whose reading failed in some library."""
    words = str(error) or type(error).__name__
    return damaged(Said(words, words))


def stream_xml(
    stream: IO[bytes],
    most_bytes: int,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda _: None,
    text: Callable[[str], None] | None = None,
) -> Iterator[int]:
    """Feed a part to handlers; names come without their namespaces. Yields the bytes read so far, after each piece.

    DamagedError: it is no XML, declares a DTD, is larger than agreed, or a token of it does not end.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def opened(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise damaged(Said("its parts are nested too deeply", "اجزای آن بیش از اندازه تودرتوست"))
        start(name.rpartition(" ")[2], attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(" ")[2])

    def doctype(*_: object) -> None:
        raise damaged(Said("it declares a document type", "نوع سند (DTD) تعریف کرده است"))

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = doctype
    if text is not None:
        parser.CharacterDataHandler = text
    read = 0
    try:
        while chunk := stream.read(CHUNK):
            read += len(chunk)
            if read > most_bytes:
                raise damaged(
                    Said(f"a part of it has more than {most_bytes} bytes", f"بخشی از آن بیش از {most_bytes} بایت است")
                )
            parser.Parse(chunk, False)
            if read - parser.CurrentByteIndex > _MOST_TOKEN:
                raise damaged(Said("a tag of it does not end", "برچسبی در آن پایان ندارد"))
            yield read
        parser.Parse(b"", True)
    except UNREADABLE as error:
        raise failed(error) from error


def whole_xml(
    stream: IO[bytes],
    most_bytes: int,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda _: None,
    text: Callable[[str], None] | None = None,
) -> None:
    """As stream_xml, to the end at once."""
    for _ in stream_xml(stream, most_bytes, start=start, end=end, text=text):
        pass
