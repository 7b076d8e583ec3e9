"""What a value of a setting must look like; each check gives the value back or raises ValueError."""

from __future__ import annotations

import re
from ipaddress import ip_network
from urllib.parse import urlsplit

LONGEST_LINE = 300
USUAL_PORTS = {"http": 80, "https": 443}
MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)*", re.ASCII)


def one_line_of_text(value: str) -> str:
    """The text without blanks around it; raises ValueError for several lines or too many characters."""
    text = value.strip()
    if len(text) > LONGEST_LINE or not text.isprintable():
        raise ValueError("not one line of text")
    return text


def web_address(value: str) -> str:
    """The address of a page or service; raises ValueError when it is none that a browser could open."""
    parts = urlsplit(value.strip())
    _ = parts.port  # raises ValueError for a port that is none
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", value.strip()):
        raise ValueError("not a web address")
    return value.strip()


def base_address(value: str) -> str:
    """The address that others begin with, without a "/" at its end; raises ValueError for one with more than scheme,
    host and port."""
    parts = urlsplit(web_address(value.strip().rstrip("/")))
    if parts.path or parts.query or parts.fragment or parts.username:
        raise ValueError("more than a base")
    return parts.geturl()


def redis_address(value: str) -> str:
    """The URL of a Redis server; raises ValueError for any other."""
    parts = urlsplit(value.strip())
    _ = parts.port  # raises ValueError for a port that is none
    if parts.scheme not in ("redis", "rediss") or not parts.hostname or re.search(r"\s", value.strip()):
        raise ValueError("not a Redis server")
    return value.strip()


def networks(value: str) -> list[str]:
    """The IP addresses or networks with commas between; raises ValueError for anything else."""
    return [str(ip_network(one.strip(), strict=False)).removesuffix("/32") for one in value.split(",") if one.strip()]


def addresses(value: str, most: int | None = None) -> list[str]:
    """The e-mail addresses with commas between; raises ValueError for anything else, or for more than `most`."""
    found = [part.strip() for part in value.split(",") if part.strip()]
    if not all(MAIL_ADDRESS.fullmatch(one) for one in found) or (most and len(found) > most):
        raise ValueError("not an e-mail address")
    return found


def origins(value: str) -> list[str]:
    """The origins with commas between, as a browser writes them (RFC 6454 section 6.2): scheme, host and a port that
    is not the usual one; raises ValueError for anything else."""
    return [_origin(part) for part in value.split(",") if part.strip()]


def _origin(text: str) -> str:
    parts = urlsplit(web_address(text.strip().removesuffix("/")))
    if parts.path or parts.query or parts.fragment or parts.username or "*" in parts.netloc:
        raise ValueError("not an origin")
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    port = f":{parts.port}" if parts.port not in (None, USUAL_PORTS[parts.scheme]) else ""
    return f"{parts.scheme}://{host}{port}"
