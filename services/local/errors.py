"""Errors of the embedded servers: a sentence for a person, a hint and an exit code."""

from __future__ import annotations

EXIT_ENVIRONMENT = 69  # sysexits EX_UNAVAILABLE: a port, the network, the disk or a server is not to be had
EXIT_RUNNING = 73  # sysexits EX_CANTCREAT: another instance holds the data directory
EXIT_DATA = 78  # sysexits EX_CONFIG: the data directory or a setting does not fit


class LocalStackError(Exception):
    """Raised when the embedded servers cannot do what was asked.

    `sentence` says what is wrong and where, `hint` what to do about it (may be empty), `exit_code` is what a
    command line ends with (one of the EXIT_ constants here).
    """

    def __init__(self, sentence: str, hint: str = "", exit_code: int = EXIT_ENVIRONMENT) -> None:
        super().__init__(f"{sentence} {hint}".strip())
        self.sentence = sentence
        self.hint = hint
        self.exit_code = exit_code
