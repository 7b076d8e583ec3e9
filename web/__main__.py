"""The web app's process: `python -m web`."""

from __future__ import annotations

import uvicorn

import documents
import settings
from watching import logs
from web.app import create_app

STOP_SECONDS = 5
KEEP_ALIVE_SECONDS = 75  # longer than nginx keeps its connections, so that none closes under a request


def main() -> None:
    """Serve until told to stop."""
    current = settings.settings()
    logs.configure(current.log_level, current.log_format)
    uvicorn.run(
        create_app(current, documents),
        host=current.host,
        port=current.port,
        log_config=None,
        access_log=False,
        ws="none",  # no WebSockets here, and uvicorn cannot load the version of `websockets` that Rasa needs
        server_header=False,
        forwarded_allow_ips=current.proxies,
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )


if __name__ == "__main__":
    main()
