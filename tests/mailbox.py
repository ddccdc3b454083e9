"""A mail server for tests: speaks just enough SMTP to take messages, and may refuse the first ones."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class Mailbox:
    """What was taken, on 127.0.0.1. `refuse` messages are turned away first."""

    refuse: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    async def start(self) -> "Mailbox":
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                writer.write(b"250-test\r\n250 8BITMIME\r\n")
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                if self.refuse:
                    self.refuse -= 1
                    writer.write(b"451 try later\r\n")
                else:
                    self.taken.append(message_from_bytes(data[:-5].replace(b"\r\n..", b"\r\n."), policy=default))
                    writer.write(b"250 taken\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                await writer.drain()
                break
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()
        writer.close()
