"""`./imr serve`: ports, the three processes, crashes, and a clean stop.

The supervisor is tried on small processes of its own; the real ones are tested end to end.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

import settings
from cli import child, serve
from cli.child import Child
from cli.serve import CannotServeError
from settings import ROOT, Settings

HEALTHY = """
import http.server, os, sys
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *words):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Health).serve_forever()
"""
SLEEPER = "import time; time.sleep(600)"
CRASHER = "raise SystemExit(3)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
DRIVER = """
import json, os, sys
from pathlib import Path
from cli import child, serve
from settings import Settings
child.STOP_SECONDS = 1
port, folder, programs = int(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
children = [
    child.Child(name, ["-c", code, str(port)], os.environ, folder / f"{name}.log")
    for name, code in programs.items()
]
sys.exit(serve.Supervisor(children, Settings(port=port, var_dir=folder)).run())
"""


@pytest.fixture
def busy() -> Iterator[int]:
    """A port that is taken."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def current(tmp_path: Path) -> Settings:
    """Settings with free ports and a folder of their own."""
    ports = {name: serve.free_port() for name in ("port", "rasa_port", "action_port")}
    return Settings(var_dir=tmp_path, **ports)


class Served:
    """A supervisor in a process of its own, watched from outside."""

    def __init__(self, folder: Path, **programs: str) -> None:
        self.port = serve.free_port()
        command = [sys.executable, "-c", DRIVER, str(self.port), str(folder), json.dumps(programs)]
        with (folder / "said.txt").open("wb") as said:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        self.said = folder / "said.txt"

    def wait_for(self, words: str) -> str:
        """Wait until the words were said; returns all that was."""
        wait_until(lambda: words in self.said.read_text(), f"{words!r} in {self.said.read_text()!r}")
        return self.said.read_text()

    def children(self) -> list[psutil.Process]:
        """The processes it started."""
        return psutil.Process(self.process.pid).children()

    def stop(self, number: signal.Signals) -> int:
        """Send a signal; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(20)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts supervisors, and ends what a failed test left behind."""
    started: list[Served] = []

    def begin(**programs: str) -> Served:
        started.append(Served(tmp_path, **programs))
        return started[-1]

    yield begin
    for served in started:
        if served.process.poll() is None:
            served.stop(signal.SIGTERM)


def wait_until(true: Callable[[], bool], what: str) -> None:
    for _ in range(400):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError(f"did not happen: {what}")


def gone(processes: list[psutil.Process]) -> bool:
    return not [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_a_busy_port_is_told_in_one_line_with_a_way_out(
    busy: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMR_VAR_DIR", str(tmp_path))
    settings.clear_settings()
    assert serve.serve(busy) == 1
    line = capsys.readouterr().out
    assert line.startswith(f"Port {busy} is busy. Choose another one: ./imr serve --port ")
    assert line.count("\n") == 1
    assert not (tmp_path / "imr.sqlite3").exists()
    settings.clear_settings()


def test_a_bad_setting_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMR_PORT", "eighty")
    settings.clear_settings()
    assert serve.serve() == 1
    assert capsys.readouterr().out.startswith("IMR_PORT must be a whole number from 1 to 65535")
    settings.clear_settings()


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_that_cannot_be_is_refused(port: int, current: Settings) -> None:
    with pytest.raises(CannotServeError, match="--port must be"):
        serve.with_port(current, port)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_told(host: str, current: Settings) -> None:
    with pytest.raises(CannotServeError, match="IMR_HOST"):
        serve.require_free(current.model_copy(update={"host": host}))


@pytest.mark.parametrize("name", ["rasa_port", "action_port"])
def test_a_busy_internal_port_is_replaced_by_a_free_one(
    name: str, busy: int, current: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = serve.with_free_ports(current.model_copy(update={name: busy}))
    assert getattr(chosen, name) != busy
    assert capsys.readouterr().out.startswith(f"Port {busy} is busy; using ")


def test_the_three_ports_differ_even_when_the_settings_repeat_one(current: Settings) -> None:
    same = current.model_copy(update={"rasa_port": current.port, "action_port": current.port})
    chosen = serve.with_free_ports(same)
    assert len({chosen.port, chosen.rasa_port, chosen.action_port}) == 3


def test_free_ports_are_kept(current: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve.with_free_ports(current) == current
    assert capsys.readouterr().out == ""


def test_a_database_that_does_not_answer_is_told_in_one_line(current: Settings) -> None:
    lost = current.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/nothing"})
    with pytest.raises(CannotServeError, match=r"^The database does not answer .* IMR_DATABASE_URL\.$"):
        serve.prepare_database(lost)


def test_the_model_is_trained_when_need_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cli.train", SimpleNamespace(ensure_model=lambda: "models/m.tar.gz"))
    assert serve.trained_model() == Path("models/m.tar.gz")


def test_training_that_fails_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cli.train", SimpleNamespace(ensure_model=lambda: 1 / 0))
    with pytest.raises(CannotServeError, match="could not be trained: division by zero"):
        serve.trained_model()


def test_a_model_that_cannot_be_made_here_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError(errno.EROFS, "Read-only file system", "models/.lock")

    monkeypatch.setitem(sys.modules, "cli.train", SimpleNamespace(ensure_model=fail))
    with pytest.raises(CannotServeError, match=r"Read-only file system\): run ./imr train as the owner of"):
        serve.trained_model()


@pytest.mark.parametrize(("to", "form", "is_json"), [("stderr", "json", True), ("files", "json", False)])
def test_what_is_said_is_json_where_logs_are_collected_as_json(
    to: str, form: str, is_json: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = settings.Settings(log_to=to, log_format=form)
    monkeypatch.setattr(settings, "settings", lambda: chosen)
    serve.say("Rasa stopped (code 1)")
    line = capsys.readouterr().out.strip()
    assert (json.loads(line)["event"] if is_json else line) == "Rasa stopped (code 1)"


def test_every_child_learns_the_ports_and_stays_frugal(current: Settings) -> None:
    for one in serve.children(current, Path("model.tar.gz")):
        assert one.environment["IMR_RASA_PORT"] == str(current.rasa_port)
        assert one.environment["IMR_ACTION_PORT"] == str(current.action_port)
        assert one.environment["OMP_NUM_THREADS"] == "1"
        assert one.environment["SANIC_HOST"] == "127.0.0.1"
        assert one.log.parent == current.var_dir / "log"


def test_rasas_http_interface_is_never_switched_on(current: Settings) -> None:
    words = [word for child in serve.children(current, Path("m")) for word in child.arguments]
    assert not {"--enable-api", "--cors", "--debug", "-vv"} & set(words)


def test_it_says_where_it_is_and_stops_cleanly_on_ctrl_c(start: Callable[..., Served]) -> None:
    served = start(other=SLEEPER, web=HEALTHY)
    said = served.wait_for("Ready")
    assert f"http://localhost:{served.port}" in said
    children = served.children()
    assert served.stop(signal.SIGINT) == 0
    assert gone(children)
    assert served.said.read_text().splitlines()[-1] == "Stopped."


def test_it_stops_cleanly_when_told_so_by_the_system(start: Callable[..., Served]) -> None:
    served = start(web=HEALTHY)
    served.wait_for("Ready")
    children = served.children()
    assert served.stop(signal.SIGTERM) == 0
    assert gone(children)


def test_it_can_be_stopped_before_it_is_ready(start: Callable[..., Served]) -> None:
    served = start(web=SLEEPER)
    served.wait_for("Starting")
    wait_until(lambda: len(served.children()) == 1, "the child started")
    assert served.stop(signal.SIGINT) == 0


def test_a_process_that_will_not_stop_is_ended(start: Callable[..., Served]) -> None:
    served = start(other=STUBBORN, web=HEALTHY)
    served.wait_for("Ready")
    children = served.children()
    assert served.stop(signal.SIGTERM) == 0
    assert gone(children)


def test_a_crashed_process_is_started_again_and_told_in_one_line(start: Callable[..., Served]) -> None:
    served = start(web=HEALTHY)
    served.wait_for("Ready")
    os.kill(served.children()[0].pid, signal.SIGKILL)
    said = served.wait_for("Ready again.").splitlines()
    assert [line for line in said if line.startswith("web stopped (code -9); starting it again in 1 s.")]
    assert len(served.children()) == 1


def test_a_process_that_never_starts_ends_it_with_the_place_of_its_log(start: Callable[..., Served]) -> None:
    served = start(other=CRASHER, web=HEALTHY.replace("200", "503"))
    assert served.process.wait(20) == 1
    said = served.said.read_text()
    assert "other does not start. Its log says why: " in said
    assert "Traceback" not in said


def test_nothing_is_left_when_the_supervisor_is_killed(start: Callable[..., Served]) -> None:
    served = start(other=SLEEPER, web=HEALTHY)
    served.wait_for("Ready")
    children = served.children()
    served.stop(signal.SIGKILL)
    wait_until(lambda: gone(children), "the children ended")


def test_what_a_process_says_goes_to_its_log(start: Callable[..., Served], tmp_path: Path) -> None:
    served = start(talker=f"print('started', flush=True); {SLEEPER}", web=HEALTHY)
    served.wait_for("Ready")
    assert (tmp_path / "talker.log").read_text() == "started\n"
    assert "started" not in served.said.read_text().lower().replace("starting", "")


def test_the_pause_before_a_restart_grows_to_half_a_minute() -> None:
    child = Child("it", [], {}, Path("log"), begun=time.monotonic())
    assert [child.note_crash() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]


def test_after_a_steady_time_the_pause_is_short_again() -> None:
    one = Child("it", [], {}, Path("log"), begun=time.monotonic() - child.STEADY_SECONDS - 1, crashes=6)
    assert one.note_crash() == 1


def test_a_large_log_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    log.write_bytes(b"a" * (child.LARGEST_LOG_BYTES + 1))
    one = Child("it", ["-c", "print('new')"], os.environ, log)
    one.start()
    one.process.wait(20)
    assert log.read_text() == "new\n"
    assert (tmp_path / "it.old").stat().st_size > child.LARGEST_LOG_BYTES
