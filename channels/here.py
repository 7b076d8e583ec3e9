"""Custom actions within Rasa's own process, in place of a server of their own over HTTP.

Rasa calls an action by asking an `EndpointConfig`. This one hands the call to rasa_sdk's executor, which loads the
actions by the name of their package; what an action raises comes back as the HTTP errors that Rasa knows.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

PACKAGE = "actions"
REJECTED, UNKNOWN = 400, 404


class ActionsHere(EndpointConfig):
    """An action endpoint without an address."""

    def __init__(self, package: str = PACKAGE) -> None:
        super().__init__(url=f"package:{package}")
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, *_: Any, json: dict[str, Any] | None = None, **__: Any) -> dict[str, Any]:
        """Run an action. Raises ClientResponseError when it rejects its execution or does not exist."""
        try:
            return await self._executor.run(json or {}) or {"events": [], "responses": []}
        except ActionExecutionRejection as rejected:
            raise _refused(REJECTED, rejected) from rejected
        except ActionNotFoundException as unknown:
            raise _refused(UNKNOWN, unknown) from unknown


def _refused(status: int, error: Any) -> ClientResponseError:
    return ClientResponseError(
        status, type(error).__name__, json.dumps({"action_name": error.action_name, "error": str(error)})
    )
