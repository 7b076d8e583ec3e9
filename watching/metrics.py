"""What is counted, for Prometheus: no word of a person, no conversation, no address. Library: prometheus-client.

Every label has few values, all of them our own. Docs: `docs/operating.md`, which a test compares with this file.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
REGISTRY = CollectorRegistry()
SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)

TURNS = Counter(
    "imr_turns",
    "Turns by channel and outcome: answered, again (the answer given before), void, failed.",
    ["channel", "outcome"],
    registry=REGISTRY,
)
STEPS = Histogram(
    "imr_step_seconds",
    "Seconds of a turn and of its steps: turn, wait, read, understand, act, keep.",
    ["step"],
    buckets=SECONDS,
    registry=REGISTRY,
)
FALLBACKS = Counter("imr_fallbacks", "Messages that were not understood.", registry=REGISTRY)
ANSWERS = Counter("imr_answers", "Answers given, by route.", ["route"], registry=REGISTRY)
DANGERS = Counter("imr_dangers", "Times that help in danger was shown.", registry=REGISTRY)
REFUSALS = Counter("imr_refusals", "Requests that a channel refused, by code.", ["code"], registry=REGISTRY)
DATABASE_ERRORS = Counter("imr_database_errors", "Errors of the database, by kind.", ["kind"], registry=REGISTRY)
REDIS_AWAY = Counter("imr_redis_away", "Times that Redis did not answer.", registry=REGISTRY)
MOVED_ON = Counter("imr_moved_on", "Turns that were void because another process was faster.", registry=REGISTRY)
REQUESTS = Histogram(
    "imr_request_seconds", "Seconds of a request at the public port.", ["status"], buckets=SECONDS, registry=REGISTRY
)
# What waits in the database, told by the web app: by each one the same, so take the largest, not the sum.
WAITING = CollectorRegistry()
TEXTS_IN = Gauge("imr_texts_waiting", "Text messages that wait to be answered.", registry=WAITING)
TEXTS_OUT = Gauge("imr_outbox_depth", "Text messages that wait to be sent.", registry=WAITING)
REMINDERS_DUE = Gauge("imr_reminders_due", "Reminders that are due and not sent.", registry=WAITING)
CALLS_OPEN = Gauge("imr_calls_open", "Requests for a call that nobody took up.", registry=WAITING)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Count the seconds of a step, whether it succeeds or not."""
    began = time.perf_counter()
    try:
        yield
    finally:
        STEPS.labels(name).observe(time.perf_counter() - began)


def shown() -> bytes:
    """Everything that this process counted, as Prometheus reads it."""
    return bytes(generate_latest(REGISTRY))


def what_waits() -> bytes:
    """The gauges of what waits."""
    return bytes(generate_latest(WAITING))


def merged(texts: Mapping[str, str]) -> bytes:
    """What several processes counted, as one text; each sample says of which process it is."""
    families: dict[str, Metric] = {}
    for process, text in texts.items():
        for family in text_string_to_metric_families(text):
            one = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            for sample in family.samples:
                one.add_sample(sample.name, {**sample.labels, "process": process}, sample.value)
    everything = CollectorRegistry()
    everything.register(_Collected(families.values()))
    return bytes(generate_latest(everything))


class _Collected(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families
