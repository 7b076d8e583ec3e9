"""Several assistants behind nginx, on one PostgreSQL and one Redis, as `deploy/` sets them up: for benchmarks and
tests.

nginx runs with the very file that is deployed, filled in for loopback ports and a certificate of its own.
"""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from cli import services, talking
from cli.serve import free_port
from cli.services import Postgres, Service
from settings import LOOPBACK, ROOT

TEMPLATE = ROOT / "deploy" / "nginx" / "imr.conf.template"
NAME = "localhost"
# nginx's limits are for people; a benchmark plays all of them from one address.
UNLIMITED = ("limit_req zone=", "limit_conn imr")
AROUND = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{server}
}}
"""


@dataclass(frozen=True)
class Deployed:
    """What runs: the public address, its certificate, each assistant, and what they share."""

    url: str
    certificate: Path
    assistants: tuple[talking.Assistant, ...]
    postgres: Postgres
    redis: Service
    nginx: Service
    database_url: str


@contextmanager
def deployed(
    folder: Path, processes: int, today: datetime.date, is_limited: bool = True, **settings: Any
) -> Iterator[Deployed]:
    """So many assistants, each with a web app and a Rasa, and everything in front and behind them. Raises
    cli.services.NoServiceError and cli.talking.NotReady."""
    with ExitStack() as running:
        database = running.enter_context(services.postgres(folder))
        redis = running.enter_context(services.redis(folder))
        shared: dict[str, Any] = {
            "database_url": database.create("imr"),
            "redis_url": f"redis://{LOOPBACK}:{redis.port}/0",
            "secret_key": secrets.token_urlsafe(48),
            **settings,
        }
        assistants = []
        for number in range(processes):
            own = folder / f"assistant-{number}"
            own.mkdir()
            started = talking.running(today, own, folder / f"assistant-{number}.log", **shared)
            assistants.append(running.enter_context(started))
        port = services.steady_port()
        certificate = self_signed(folder)
        configuration = configured(folder, [one.url for one in assistants], port, certificate, is_limited)
        nginx = running.enter_context(services.nginx(folder, configuration, port))
        url = f"https://{NAME}:{port}"
        yield Deployed(url, certificate, tuple(assistants), database, redis, nginx, str(shared["database_url"]))


def configured(folder: Path, urls: list[str], port: int, certificate: Path, is_limited: bool = True) -> Path:
    """The deployed file, filled in and put into a whole configuration."""
    values = {
        "IMR_SERVERS": " ".join(f"server {url.removeprefix('http://')};" for url in urls),
        "IMR_RESOLVER": "",
        "IMR_NAME": NAME,
        "IMR_CERTIFICATE": str(certificate),
        "IMR_CERTIFICATE_KEY": str(certificate.with_suffix(".key")),
        "IMR_HTTP_PORT": str(free_port()),
        "IMR_HTTPS_PORT": str(port),
        "IMR_ACCESS_LOG": str(folder / "nginx.log"),
        "IMR_ERROR_LOG": str(folder / "nginx-error.log"),
    }
    filled = on_loopback(Template(TEMPLATE.read_text(encoding="utf-8")).safe_substitute(values))
    lines = [line for line in filled.splitlines() if is_limited or not line.strip().startswith(UNLIMITED)]
    file = folder / "nginx.conf"
    file.write_text(AROUND.format(folder=folder, server="\n".join(lines)), encoding="utf-8")
    return file


def on_loopback(configuration: str) -> str:
    """The configuration listening for this machine only, and on IPv6 only where there is any."""
    if not Path("/proc/net/if_inet6").exists():
        configuration = re.sub(r" *listen \[::\]:.*\n", "", configuration)
    configuration = configuration.replace("listen [::]:", "listen [::1]:")
    return re.sub(r"listen (\d)", rf"listen {LOOPBACK}:\1", configuration)


def self_signed(folder: Path) -> Path:
    """A certificate for localhost with its key beside it, good for a day."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "localhost.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.with_suffix(".key").write_bytes(key.private_bytes(*form))
    return file
