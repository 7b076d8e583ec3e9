"""`./imr bench sms`: text messages under load and under faults, over real HTTP, with the stand-in for Twilio."""

from cli.bench.sms.report import run

__all__ = ["run"]
