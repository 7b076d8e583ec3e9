"""The staff console, under /staff: read conversations, correct what was misread, call people back.

`routes.py` lists every page with the least role that may see it; `gate.py` lets people in. Pages work without
scripts.
"""
