"""Telling staff by e-mail (smtplib, in a thread of its own because it blocks)."""

from __future__ import annotations

import asyncio
import logging
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid

from records.consultations import Via
from settings import Settings
from web.notices.notice import Notice

WAIT_SECONDS = 15
log = logging.getLogger(__name__)


class MailWay:
    """The mail server of IMR_SMTP_HOST."""

    name: Via = "email"

    def __init__(self, current: Settings) -> None:
        self._settings = current
        self._domain = str(current.notify_from).rpartition("@")[2]

    async def tell(self, notice: Notice) -> None:
        """Send the e-mail. Raises smtplib.SMTPException or OSError when no receiver got it."""
        await asyncio.to_thread(self._send, self._message(notice))

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        subject, text = notice.as_mail()
        message["Subject"] = subject
        message["From"] = str(self._settings.notify_from)
        message["To"] = ", ".join(self._settings.mail_receivers)
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = make_msgid(domain=self._domain)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers by machines
        message.set_content(text)
        return message

    def _send(self, message: EmailMessage) -> None:
        with self._connection() as server:
            if self._settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self._settings.smtp_user and self._settings.smtp_password:
                server.login(self._settings.smtp_user, self._settings.smtp_password.get_secret_value())
            refused = server.send_message(message)
        if refused:  # somebody got it, so staff know; trying again would tell that one again and again
            log.warning("%d of %d receivers were refused", len(refused), len(self._settings.mail_receivers))

    def _connection(self) -> smtplib.SMTP:
        host, port = str(self._settings.smtp_host), self._settings.smtp_port
        if self._settings.smtp_security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, self._domain, timeout=WAIT_SECONDS, context=context)
        return smtplib.SMTP(host, port, self._domain, timeout=WAIT_SECONDS)
