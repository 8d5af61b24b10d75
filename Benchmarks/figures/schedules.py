"""Calendars against croniter, and many jobs over a virtual year."""
from .measuring import PEERS, ROOT, limit, output, times_as_fast
from .peers import python
from .swift import executable

CASES = ROOT / "Tests" / "FleetCalendarTests" / "Conformance" / "cron.json"


def calendar():
    ours = float(output([executable("ScheduleBenchmark"), "calendar", str(CASES)]))
    peer = float(output([python(), str(PEERS / "calendar_croniter.py"), str(CASES)]))
    return [times_as_fast("next of a calendar, against croniter", ours, peer, 10, "us")]


def year():
    seconds, runs = output([executable("ScheduleBenchmark"), "year"]).split()
    return [limit(f"1,000 cron jobs over a virtual year ({runs} runs)", float(seconds), 20, "s")]
