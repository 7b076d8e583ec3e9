"""How a page may look to people, and what axe-core finds on it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 850}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 850}},
    "320 px": {"color_scheme": "light", "viewport": {"width": 320, "height": 568}, "has_touch": True},
    "320 px dark": {"color_scheme": "dark", "viewport": {"width": 320, "height": 568}},
    "forced colours": {"forced_colors": "active", "viewport": {"width": 768, "height": 900}},
}


def violations(page: Page) -> list[str]:
    """What axe finds: the rule and the elements that break it."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]
