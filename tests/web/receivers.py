"""What notices are sent to: a mail server and a web server on this machine, real enough to refuse and to be slow."""

from __future__ import annotations

import datetime
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP (RFC 5321) as a client needs; `refusals` receivers are refused before one is taken."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0, certificate: Path | None = None, at_once: bool = False) -> None:
        super().__init__((LOOPBACK, port), MailTalk)
        self.port = int(self.server_address[1])
        self.messages: list[EmailMessage] = []
        self.receivers: list[str] = []
        self.refused: set[str] = set()
        self.refusals = 0
        self.logins: list[str] = []
        self.protected: list[bool] = []
        self.tls = _server_context(certificate) if certificate else None
        self.at_once = at_once


class MailTalk(socketserver.StreamRequestHandler):
    """One client."""

    server: MailServer

    def setup(self) -> None:
        """TLS from the first byte where the server is told so."""
        if self.server.at_once and self.server.tls:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        """Greet, and answer line by line until QUIT."""
        with suppress(OSError, ssl.SSLError):
            self._say("220 here")
            while line := self.rfile.readline():
                word, _, rest = line.decode("ascii").strip().partition(" ")
                if not getattr(self, f"_{word.lower()}", self._unknown)(rest):
                    return

    def _say(self, line: str) -> bool:
        self.wfile.write(f"{line}\r\n".encode("ascii"))
        return True

    def _unknown(self, _: str) -> bool:
        return self._say("500 what?")

    def _ehlo(self, _: str) -> bool:
        offers = ["here", "AUTH PLAIN", *(["STARTTLS"] if self.server.tls and not self.server.at_once else [])]
        for offer in offers[:-1]:
            self._say(f"250-{offer}")
        return self._say(f"250 {offers[-1]}")

    def _starttls(self, _: str) -> bool:
        assert self.server.tls
        self._say("220 go ahead")
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()
        return True

    def _auth(self, how: str) -> bool:
        self.server.logins.append(how)
        return self._say("235 welcome")

    def _mail(self, _: str) -> bool:
        return self._say("250 ok")

    def _rcpt(self, rest: str) -> bool:
        who = rest.partition("<")[2].rstrip(">")
        if self.server.refusals or who in self.server.refused:
            self.server.refusals = max(0, self.server.refusals - 1)
            return self._say("451 not now")
        self.server.receivers.append(who)
        return self._say("250 ok")

    def _rset(self, _: str) -> bool:
        return self._say("250 ok")

    def _data(self, _: str) -> bool:
        self._say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.messages.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
        self.server.protected.append(isinstance(self.request, ssl.SSLSocket))
        return self._say("250 taken")

    def _quit(self, _: str) -> bool:
        self._say("221 bye")
        return False


class HookServer(ThreadingHTTPServer):
    """Takes POSTs; the first `failures` of them are answered with 503."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__((LOOPBACK, port), HookTalk)
        self.url = f"http://{LOOPBACK}:{self.server_address[1]}/hook/my-secret"
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.failures = 0
        self.status = 204
        self.gate = threading.Event()  # while it is closed, nothing is answered
        self.gate.set()


class HookTalk(BaseHTTPRequestHandler):
    """One request."""

    server: HookServer

    def do_POST(self) -> None:
        """Keep what came, and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        failing = self.server.failures > 0
        self.server.failures -= failing
        if not failing:
            self.server.posts.append((dict(self.headers), body))
        self.server.gate.wait(10)
        self.send_response(503 if failing else self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    """The server at work in a thread of its own."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_certificate(folder: Path) -> Path:
    """A certificate for this machine and its key, in one file; it vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    begun = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(begun).not_valid_after(begun + datetime.timedelta(days=9))
    builder = builder.add_extension(address, False).add_extension(x509.BasicConstraints(True, None), True)
    made = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, plain[1], plain[0])
    path = folder / "certificate.pem"
    path.write_bytes(secret + made)
    return path


def _server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
