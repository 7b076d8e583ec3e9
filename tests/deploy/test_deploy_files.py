"""What is deployed is whole: every name that a file uses is given by another, and the secrets stay where they are."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from cli.audit_packages import KNOWN, LOCK, unknown
from settings import ROOT, Settings
from web.wording import filled

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
PLACES = set(re.findall(r"\$\{(IMR_\w+)\}", (DEPLOY / "nginx" / "imr.conf.template").read_text()))
UNITS = sorted((DEPLOY / "systemd").iterdir())
VARIABLES = {f"IMR_{name.upper()}" for name in Settings.model_fields}
LOCKED = dict(re.findall(r"^([\w.-]+)==([\w.]+)", LOCK.read_text(), re.MULTILINE))


def test_only_nginx_has_a_public_port() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["nginx"]


def test_the_assistant_cannot_write_to_its_own_files_and_has_no_rights() -> None:
    imr = COMPOSE["services"]["imr"]
    assert imr["read_only"] is True
    assert imr["cap_drop"] == ["ALL"]
    assert imr["user"] != "0"


def test_every_secret_that_a_service_uses_is_named() -> None:
    used = {secret for service in COMPOSE["services"].values() for secret in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])


def test_nginx_is_given_every_name_of_its_file() -> None:
    assert set(COMPOSE["services"]["nginx"]["environment"]) == PLACES


def test_the_page_that_nginx_shows_alone_has_our_words_and_the_numbers_of_the_law_data() -> None:
    shown = re.sub(r"</?a\b[^>]*>", "", (DEPLOY / "nginx" / "imr.conf.template").read_text())
    assert [text for text in filled("away").values() if text not in shown] == []


def test_the_example_for_nginx_gives_every_name_too() -> None:
    """Without a log in the journal's place: nginx cannot open /dev/stdout where systemd has put a socket."""
    given = dict(re.findall(r"^(\w+)='(.*)'$", (DEPLOY / "nginx" / "nginx.env.example").read_text(), re.MULTILINE))
    assert set(given) == PLACES
    assert not [value for value in given.values() if value.startswith("/dev/")]


@pytest.mark.skipif(not shutil.which("envsubst"), reason="envsubst (Debian: gettext-base) is not installed")
def test_nginx_file_is_filled_in_as_its_first_lines_say(tmp_path: Path) -> None:
    folder = DEPLOY / "nginx"
    shutil.copy(folder / "imr.conf.template", tmp_path)
    shutil.copy(folder / "nginx.env.example", tmp_path / "nginx.env")
    [line] = re.findall(r"^#   (set -a; .+) > /etc/nginx", (tmp_path / "imr.conf.template").read_text(), re.MULTILINE)
    filled = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert not [line for line in filled.splitlines() if "${" in line and not line.startswith("#")]
    assert "return 301 https://help.example.org$request_uri;" in filled, "nginx's own names stay"


@pytest.mark.parametrize(
    ("words", "told"),
    [([], "Name the port"), (["8000"], "Name the port"), (["1", "staff"], "/var/lib/imr/1 is not there")],
)
def test_a_command_for_a_service_that_is_not_there_says_so(words: list[str], told: str) -> None:
    done = subprocess.run([DEPLOY / "as-service", *words], capture_output=True, text=True, check=False)
    assert (done.returncode, told in done.stderr) == (2, True)


def test_a_command_for_a_service_sees_its_settings_as_systemd_reads_them(tmp_path: Path) -> None:
    """In a copy whose places are below another folder, and which stays the user that it is."""
    written = (DEPLOY / "as-service").read_text().replace("runuser -u imr -- ", "")
    for place in ("/var/lib/imr", "/etc/imr", "/opt/imr"):
        written = written.replace(place, f"{tmp_path}{place}")
        (tmp_path / place[1:]).mkdir(parents=True)
    (tmp_path / "var/lib/imr/8001").mkdir()
    (tmp_path / "as-service").write_text(written)
    (tmp_path / "etc/imr/imr.env").write_text(
        "# IMR_NONE=1\nIMR_PRACTICE_NAME=Bay Area Help\nIMR_PRACTICE_HOURS='Mon-Fri; $(touch ran)'\n"
        'IMR_BOOKING_URL="https://x.example.org/?a=1&b=2"\nPATH=/nowhere\nIMR_PRODUCTION=true'
    )
    (tmp_path / "opt/imr/imr").write_text('#!/bin/sh\nenv | grep ^IMR_\necho "words: $1, $2"\n')
    (tmp_path / "opt/imr/imr").chmod(0o755)
    command = ["sh", tmp_path / "as-service", "8001", "forget", "415 555 0134"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.splitlines()
    assert set(said) == {
        "IMR_PRACTICE_NAME=Bay Area Help",
        "IMR_PRACTICE_HOURS=Mon-Fri; $(touch ran)",
        "IMR_BOOKING_URL=https://x.example.org/?a=1&b=2",
        "IMR_PRODUCTION=true",
        "IMR_PORT=8001",
        f"IMR_VAR_DIR={tmp_path}/var/lib/imr/8001",
        f"IMR_SECRETS_DIR={tmp_path}/etc/imr/secrets",
        "words: forget, 415 555 0134",
    }
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_every_setting_of_a_unit_is_one_of_ours(file: Path) -> None:
    assert set(re.findall(r"\bIMR_[A-Z_]+", file.read_text())) <= VARIABLES


def test_every_setting_of_the_containers_is_one_of_ours() -> None:
    assert set(COMPOSE["services"]["imr"]["environment"]) <= VARIABLES
    written = re.findall(r"\bIMR_[A-Z_]+", (DEPLOY / "Containerfile").read_text())
    assert set(written) <= VARIABLES


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("file", [one for one in UNITS if one.suffix == ".timer"], ids=lambda file: file.name)
def test_systemd_reads_the_time_of_a_timer(file: Path) -> None:
    [when] = re.findall(r"OnCalendar=(.+)", file.read_text())
    assert subprocess.run(["systemd-analyze", "calendar", when], check=False).returncode == 0


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("name", ["imr@8000.service", "imr-backup.service", "imr-backup.timer"])
def test_systemd_understands_every_line_of_a_unit(name: str, tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text().replace("/opt/imr/imr", "/bin/true")  # which is there to be started
        (tmp_path / unit.name.replace("@.", "@8000.")).write_text(text)
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / name], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")


def test_secrets_are_random_kept_and_for_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    for _ in range(2):
        subprocess.run(["sh", str(DEPLOY / "make-secrets"), str(folder)], check=True, capture_output=True)
    made = {file.name: file.read_text() for file in folder.iterdir()}
    wanted = set(COMPOSE["secrets"]) - {"certificate", "certificate_key"}
    assert wanted <= set(made)
    assert re.fullmatch(r"[0-9a-f]{64}", made["imr_secret_key"])
    assert made["postgres_password"] in made["imr_database_url"]
    assert made["redis_password"] in made["imr_redis_url"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    subprocess.run(["sh", str(DEPLOY / "make-secrets"), str(tmp_path / "other")], check=True, capture_output=True)
    assert (tmp_path / "other" / "imr_secret_key").read_text() != made["imr_secret_key"]


@pytest.mark.parametrize("one", yaml.safe_load(KNOWN.read_text()), ids=lambda one: one["package"])
def test_a_known_weakness_is_of_the_version_that_is_installed_and_says_why(one: dict[str, str]) -> None:
    assert LOCKED[one["package"]] == str(one["version"])
    assert len(one["why"].split()) >= 8
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", str(one["reviewed"]))


FOUND = [
    {"name": "good", "version": "1", "vulns": []},
    {"name": "known", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]},
    {"name": "new", "version": "4", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]},
    {"name": "skipped", "skip_reason": "not found"},
]


def test_a_weakness_that_nobody_looked_at_is_named_with_what_is_better() -> None:
    known = [{"package": "known", "version": "2"}]
    assert unknown(FOUND, known) == ["new 4: PYSEC-2; better: none yet", "skipped: not looked up"]


def test_a_known_weakness_counts_for_its_version_only() -> None:
    assert "known 2: PYSEC-1; better: 3" in unknown(FOUND, [{"package": "known", "version": "1"}])
