"""A page of another site on this machine, with a Content-Security-Policy of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A clinic</title><style>{style}</style></head>
<body><h1>A clinic</h1><p>Our own page.</p><button>Our own button</button>
<script type="module" src="{widget}"></script>
<imr-chat{attributes}><a href="{plain}">Ask about a denial</a></imr-chat>
</body>
</html>
"""
# Of the page itself: it must not reach into the chat, nor the chat out of it.
STYLE = "p, button, div { color: rgb(255, 0, 0); font-size: 40px; } .log { display: none; }"


def policy(chat: str) -> str:
    """All that a page has to allow; its own style is allowed by its hash, so that nothing else inline is."""
    import base64
    import hashlib

    style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; script-src {chat}; connect-src {chat}; style-src 'sha256-{style}'"


@contextmanager
def serving(address: str, chat: str, attributes: str = "") -> Iterator[str]:
    """The page at the address, with the chat of the given assistant in it."""
    content = PAGE.format(style=STYLE, widget=f"{chat}/widget.js", plain=f"{chat}/chat", attributes=attributes)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy(chat))
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", urlsplit(address).port or 80), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield address
        server.shutdown()
