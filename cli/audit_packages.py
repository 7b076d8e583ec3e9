"""Whether a published weakness is known of an installed package: `python -m cli.audit_packages`, part of `./imr
test`.

Where the advisories can be reached, any weakness fails but those of the packages in `deploy/known-weaknesses.yml`,
which Rasa holds back; where they cannot, that is said and nothing is claimed. Library: pip-audit, in an environment
of its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from settings import ROOT

KNOWN = ROOT / "deploy" / "known-weaknesses.yml"
LOCK = ROOT / "requirements.lock"
TOOL = "pip-audit==2.10.1"
MOST_SECONDS = 300
QUIET = ("--progress-spinner", "off", "--disable-pip", "--no-deps", "-f", "json", "--timeout", "5")


def main() -> int:
    """The whole check. Returns 1 for a weakness that nobody looked at."""
    told = _ask()
    if told is None:
        print("not audited: the advisories cannot be reached from here")
        return 0
    problems = unknown(told, yaml.safe_load(KNOWN.read_text(encoding="utf-8")))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def unknown(dependencies: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line for each weakness of a package that is not among the known ones, and for each package that could not be
    looked up."""
    spared = {(str(one["package"]), str(one["version"])) for one in known}
    problems = []
    for one in dependencies:
        if one.get("skip_reason"):
            problems.append(f"{one['name']}: not looked up")
        for weakness in one.get("vulns") or ():
            if (one["name"].lower(), str(one["version"])) not in spared:
                better = ", ".join(weakness.get("fix_versions") or ()) or "none yet"
                problems.append(f"{one['name']} {one['version']}: {weakness['id']}; better: {better}")
    return problems


def _ask() -> list[dict[str, Any]] | None:
    """What pip-audit found; None when it could look up nothing."""
    uv = shutil.which(str(ROOT / ".uv" / "bin" / "uv")) or shutil.which("uv")
    if uv is None:
        return None
    command = [uv, "tool", "run", "--quiet", "--from", TOOL, "pip-audit", "-r", str(LOCK), *QUIET]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return found if any("skip_reason" not in one for one in found) else None


if __name__ == "__main__":
    sys.exit(main())
