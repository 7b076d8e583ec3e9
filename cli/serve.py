"""`./imr serve`: the assistant's processes, Rasa and the web app, started, watched and stopped together.

Rasa listens on loopback only, and so does the action server if one is wished; the web app is the one public port. A
process that crashes is started again, waiting longer each time; Ctrl-C or SIGTERM stops all of them. What they log
goes to var/log, without a word of what people said.
"""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import threading
import time
from pathlib import Path

import settings
from cli import stand_in
from cli.child import Child
from cli.in_use import InUseError, shared_use
from settings import LOOPBACK, ROOT, Settings
from watching import logs

POLL_SECONDS = 0.25
HEALTH_SECONDS = 3
CRASHES_BEFORE_READY = 3
EVERYWHERE = {"0.0.0.0": LOOPBACK, "::": "::1"}
FRUGAL = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "ignore",
    "RASA_TELEMETRY_ENABLED": "false",
    "SANIC_HOST": LOOPBACK,  # the action server listens on every address unless told otherwise
    "SANIC_WORKERS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


class CannotServeError(RuntimeError):
    """Serving cannot begin; the text is one line that says why and what to do."""


def say(line: str) -> None:
    """One line to the person at the terminal, or to who collects all logs as JSON."""
    print(logs.line_of("serve", line) if _is_collected() else line, flush=True)


def _is_collected() -> bool:
    try:
        current = settings.settings()
    except settings.SettingsError:
        return False
    return (current.log_to, current.log_format) == ("stderr", "json")


# What people tell is for the account that runs this, and for nobody else on the machine.
OWNER_ONLY = 0o077


def serve(port: int | None = None, sms_sandbox: bool = False) -> int:
    """Run everything until Ctrl-C or SIGTERM, with `sms_sandbox` also a phone to text with the assistant. Returns the
    exit code, 0 after a clean stop."""
    os.umask(OWNER_ONLY)
    try:
        with shared_use(settings.settings().var_dir):
            return _serve(port, sms_sandbox)
    except (CannotServeError, InUseError, settings.SettingsError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 0


def _serve(port: int | None, sms_sandbox: bool) -> int:
    current = with_port(settings.settings(), port)
    phone = free_port() if sms_sandbox else None
    current = stand_in.settings_for(current, phone) if phone else current
    require_free(current)
    prepare_database(current)
    model = trained_model()
    current = with_free_ports(current)
    processes = children(current, model)
    if phone:
        processes.append(stand_in.process(current, phone))
    return Supervisor(processes, current, stand_in.PHONE.format(port=phone) if phone else "").run()


def with_port(current: Settings, port: int | None) -> Settings:
    """The settings with the port of the command line. Raises CannotServeError for one that cannot be."""
    if port is None:
        return current
    if port not in range(1, 65536):
        raise CannotServeError(f"--port must be {settings.PORT_WORDS}, not {port}.")
    return current.model_copy(update={"port": port})


def require_free(current: Settings) -> None:
    """Raises CannotServeError when the public port is taken."""
    if not is_free(current.host, current.port):
        raise CannotServeError(
            f"Port {current.port} is busy. Choose another one: ./imr serve --port {free_port(current.host)}"
        )


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen on the port now. Raises CannotServeError when none ever could."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            where = f"{host} port {port}"
            raise CannotServeError(f"Cannot listen on {where}: {error.strerror}. See IMR_HOST.") from error
    return True


def free_port(host: str = LOOPBACK) -> int:
    """A port that nobody uses now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def with_free_ports(current: Settings) -> Settings:
    """The settings with another internal port in place of each that is busy or already taken by us."""
    taken = {current.port}
    for name in ("rasa_port", "action_port"):
        wanted = getattr(current, name)
        if wanted in taken or not is_free(LOOPBACK, wanted):
            current = current.model_copy(update={name: free_port()})
            say(f"Port {wanted} is busy; using {getattr(current, name)} instead (nobody outside sees it).")
        taken.add(getattr(current, name))
    return current


def prepare_database(current: Settings) -> None:
    """Bring the tables up to date. Raises CannotServeError when the database cannot be used."""
    from sqlalchemy.exc import SQLAlchemyError  # here, because SQLAlchemy and Alembic take a while to load

    from records import digests, restores, schema

    try:
        schema.upgrade(current.database_url)
        restores.finish(url=current.database_url)
        digests.catch_up(url=current.database_url)
    except schema.SchemaError as error:
        raise CannotServeError(f"{error} See IMR_DATABASE_URL.") from error
    except SQLAlchemyError as error:
        problem = f"The database does not answer ({type(error).__name__})."
        raise CannotServeError(f"{problem} See IMR_DATABASE_URL.") from error


def trained_model() -> Path:
    """The model to serve, trained first when there is none or the data changed."""
    from cli.train import ensure_model  # here, because training loads Rasa

    try:
        return Path(ensure_model())
    except Exception as error:
        raise CannotServeError(_why_there_is_no_model(error)) from error


def _why_there_is_no_model(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return (
            f"The model is not the one that belongs to these files, and none can be made here ({error.strerror}): "
            f"run ./imr train as the owner of {ROOT}."
        )
    return f"The assistant could not be trained: {error}"


def children(current: Settings, model: Path) -> list[Child]:
    """The processes, in the order they are started; the actions have one of their own only if that is wished."""
    environment = {**os.environ, **FRUGAL, **settings.child_environment(current)}
    folder = current.var_dir / "log"

    def log_of(name: str) -> Path | None:
        return folder / f"{name}.log" if current.log_to == "files" else None

    actions = ["-m", "rasa_sdk", "--actions", "actions", "--port", str(current.action_port)]
    actions += ["--logging-config_file", str(ROOT / "actions" / "server_logging.yml")]
    server = Child("The action server", actions, environment, log_of("actions"))
    return [
        *([server] if current.actions == "server" else []),
        Child("Rasa", ["-m", "channels.server", "--model", str(model)], environment, log_of("rasa")),
        Child("The web app", ["-m", "web"], environment, log_of("web")),
    ]


def _at(child: Child) -> str:
    return f": {child.log}" if child.log else "."


class Supervisor:
    """Starts the processes, tells when all is well, starts again what crashed, stops everything. `also` is said once
    all is well for the first time."""

    def __init__(self, processes: list[Child], current: Settings, also: str = "") -> None:
        self.processes = processes
        self.also = also
        self.host = EVERYWHERE.get(current.host, current.host)
        self.port = current.port
        self.begun = time.monotonic()
        self.was_ready = False
        self.is_ready = False
        self.stopping = threading.Event()

    def run(self) -> int:
        """Serve until told to stop. Returns 0, or 1 when it never became ready."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())
        say("Starting ...")
        try:
            return self._watch()
        finally:
            for child in reversed(self.processes):
                child.stop()
            say("Stopped.")

    def _watch(self) -> int:
        while not self.stopping.is_set():
            for child in self.processes:
                self._look_after(child)
                if not self.was_ready and child.crashes >= CRASHES_BEFORE_READY:
                    say(f"{child.name} does not start. Its log says why{_at(child)}")
                    return 1
            if not self.is_ready and self._healthy():
                self._announce()
            self.stopping.wait(POLL_SECONDS)
        return 0

    def _look_after(self, child: Child) -> None:
        """Start a process whose time has come; note one that has ended."""
        if child.process is None:
            if time.monotonic() >= child.start_at:
                child.start()
            return
        code = child.process.poll()
        if code is None:
            child.shorten_log()
            return
        self.is_ready = False
        pause = child.note_crash()
        say(f"{child.name} stopped (code {code}); starting it again in {pause:.0f} s. Its log{_at(child)}")

    def _healthy(self) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=HEALTH_SECONDS)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _announce(self) -> None:
        """Say where it is; later, that it is there again."""
        host = "localhost" if self.host == LOOPBACK else self.host
        first = f"Ready after {time.monotonic() - self.begun:.0f} s: http://{host}:{self.port} (Ctrl-C stops it)"
        say("Ready again." if self.was_ready else first)
        if self.also and not self.was_ready:
            say(self.also)
        self.was_ready = self.is_ready = True
