"""Mail: one message for one notice, or one digest for many, in the languages that the supplier reads."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from html import escape
from typing import Final

import aiosmtplib

from schemas.ids import derived
from schemas.settings import Settings
from streams.deliver.webhook import Answer
from streams.deliver.words import Said, say

SMTP_SECONDS: Final = 20.0
DIGEST: Final = {"fa": "پیوند: {n} خبر تازه", "en": "Peyvand: {n} news"}
MORE: Final = {
    "fa": "{n} خبر دیگر در صندوق پیام شماست.",
    "en": "{n} more are in your inbox.",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice to be mailed."""

    id: str
    kind: str
    body: str


def compose(letters: Sequence[Letter], languages: Sequence[str], sender: str, to: str, more: int = 0) -> EmailMessage:
    """The message for these notices, text and HTML; its Message-ID is derived, so a second copy is known as such."""
    message = EmailMessage()
    first = {language: [say(one.kind, one.body, language) for one in letters] for language in languages}
    heading = first[languages[0]][0].heading if len(letters) == 1 and not more else None
    subject = heading or DIGEST[languages[0]].format(n=len(letters) + more)
    message["Subject"] = " ".join(subject.split())[:200]
    message["From"] = sender
    message["To"] = to
    message["Date"] = formatdate(time.time())
    domain = sender.rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{derived('mail', *(one.id for one in letters))}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    extra = {language: MORE[language].format(n=more) if more else None for language in languages}
    message.set_content("\n\n".join(_text(first[language], extra[language]) for language in languages))
    html = "".join(_html(first[language], language, extra[language]) for language in languages)
    message.add_alternative(f"<!doctype html><html><body>{html}</body></html>", subtype="html")
    return message


def _text(said: Sequence[Said], more: str | None) -> str:
    parts = ["\n".join((one.heading, *one.lines)) for one in said]
    return "\n\n".join([*parts, *([more] if more else [])])


def _html(said: Sequence[Said], language: str, more: str | None) -> str:
    direction = "rtl" if language == "fa" else "ltr"
    parts = [f"<h3>{escape(one.heading)}</h3><p>{'<br>'.join(map(escape, one.lines))}</p>" for one in said]
    tail = f"<p>{escape(more)}</p>" if more else ""
    return f'<div lang="{language}" dir="{direction}">{"".join(parts)}{tail}</div>'


async def send_mail(settings: Settings, message: EmailMessage) -> Answer:
    """Hand a message to the mail server. Never raises but on cancellation."""
    started = time.monotonic()
    try:
        await aiosmtplib.send(
            message,
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=settings.smtp_password.get_secret_value() or None,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            timeout=SMTP_SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else None
        said = f"{type(error).__name__}: {error}"[:500]
        return Answer(ok=False, status=code, error=said, seconds=time.monotonic() - started)
    return Answer(ok=True, status=250, error=None, seconds=time.monotonic() - started)
