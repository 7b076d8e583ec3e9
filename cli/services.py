"""PostgreSQL, Redis and nginx of this machine, started for a while in a folder of their own, on loopback.

For benchmarks and tests of several processes; the programs are those that Debian's packages postgresql,
redis-server and nginx bring. A service can be stopped, killed and started again while others use it.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.serve import is_free
from settings import LOOPBACK

READY_SECONDS = 30
STOP_SECONDS = 20
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
POSTGRES_PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
# A crash of the server must lose nothing, so fsync stays on.
POSTGRES_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "max_connections": "400",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
}
REDIS_WORDS = ("--save", "", "--appendonly", "no", "--protected-mode", "yes", "--daemonize", "no")


class NoServiceError(RuntimeError):
    """A service is not installed or does not start; the message is one line."""


@dataclass
class Service:
    """One running service."""

    name: str
    command: Sequence[str]
    port: int
    log: Path
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it and wait until it takes connections. Raises NoServiceError."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                list(self.command), stdout=output, stderr=output, user=self.user, cwd=self.log.parent
            )
        ends = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends and self.process.poll() is None:
            if is_open(self.port):
                return
            time.sleep(0.05)
        raise NoServiceError(f"{self.name} does not start. Its log says why: {self.log}")

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Postgres(Service):
    """A PostgreSQL server with a superuser `test` who needs no password."""

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql://test@{LOOPBACK}:{self.port}/{database}"

    def create(self, database: str) -> str:
        """A new database; its URL."""
        import psycopg2

        connection = psycopg2.connect(self.url())
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{database}"')
        return self.url(database)


def steady_port() -> int:
    """A free port below those that the system gives to outgoing connections: a service that is started again must
    find it free again."""
    return next(port for port in iter(lambda: random.randint(15000, 31000), 0) if is_free(LOOPBACK, port))


def is_open(port: int) -> bool:
    """Whether something takes connections."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def lacking() -> list[str]:
    """Which of the three are not installed."""
    there = {
        "postgresql": bool(POSTGRES_PLACES),
        "redis-server": bool(shutil.which("redis-server")),
        "nginx": _nginx() is not None,
    }
    return [name for name, is_there in there.items() if not is_there]


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """A PostgreSQL server whose files are in `folder`."""
    if not POSTGRES_PLACES:
        raise NoServiceError("PostgreSQL is not installed (Debian: apt install postgresql).")
    programs, port = POSTGRES_PLACES[-1], steady_port()
    home, user = _home(folder / "postgres")
    words = ["-D", str(home), "-A", "trust", "-U", "test", "--encoding", "UTF8", "--no-instructions"]
    subprocess.run([programs / "initdb", *words], check=True, capture_output=True, user=user, cwd=home)
    chosen = [word for name, value in POSTGRES_SETTINGS.items() for word in ("-c", f"{name}={value}")]
    command = [str(programs / "postgres"), "-D", str(home), "-k", str(home), "-p", str(port), *chosen]
    service = Postgres("PostgreSQL", command, port, home / "log", user, signal.SIGINT)
    with _running(service):
        yield service


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[Service]:
    """A Redis server that keeps nothing."""
    program = shutil.which("redis-server")
    if program is None:
        raise NoServiceError("Redis is not installed (Debian: apt install redis-server).")
    port, (home, user) = steady_port(), _home(folder / "redis")
    command = [program, "--bind", LOOPBACK, "--port", str(port), "--dir", str(home), *REDIS_WORDS]
    with _running(Service("Redis", command, port, home / "log", user)) as service:
        yield service


@contextlib.contextmanager
def nginx(folder: Path, configuration: Path, port: int) -> Iterator[Service]:
    """An nginx with a whole configuration file, which lets it listen on `port`."""
    program = _nginx()
    if program is None:
        raise NoServiceError("nginx is not installed (Debian: apt install nginx).")
    command = [program, "-c", str(configuration), "-p", str(folder), "-g", "daemon off;"]
    with _running(Service("nginx", command, port, folder / "nginx.log", None, signal.SIGQUIT)) as service:
        yield service


@contextlib.contextmanager
def _running(service: Service) -> Iterator[Service]:
    try:
        service.start()
        yield service
    finally:
        service.stop()


def _nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _home(folder: Path) -> tuple[Path, str | None]:
    """A folder that the service may write to, and who it runs as (None: who we are)."""
    folder.mkdir(parents=True, mode=0o700)
    if os.geteuid() != 0:
        return folder, None
    person = pwd.getpwnam(UNPRIVILEGED)
    os.chown(folder, person.pw_uid, person.pw_gid)
    for parent in folder.parents:  # on the way there, looking through is enough
        if parent.is_relative_to(tempfile.gettempdir()) and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    return folder, UNPRIVILEGED
