"""Against the simulated service: pacing by the server's log, the official client, memory of a long list."""
import time

from . import peers
from .measuring import (PEERS, Figure, Unmeasurable, limit, median, output, program, rounds, times_as_fast)
from .simulator import KEY, Simulator

# Exit codes of a script whose changes nobody confirms at the end (`--confirm 0`): that would be reading beyond the
# figure, and is the same for every client.
UNCONFIRMED = (0, 6)


def span(requests):
    """Seconds from the first arrival to the last."""
    return requests[-1]["uptime"] - requests[0]["uptime"]


def refused(log):
    return sum(request["status"] == 429 for request in log)


def exactly(name, ours, wanted):
    return Figure(name, str(ours), str(wanted), "", f"= {wanted}", ours == wanted)


def stop_300():
    spans, refusals, changes, checks = [], [], [], []
    for _ in range(rounds(3)):
        with Simulator("--instances", 600, "--rate-limit", "on") as simulator:
            ids = [row["id"] for row in simulator.rows() if row["actual_status"] == "running"][:300]
            if len(ids) < 300:
                raise Unmeasurable(f"only {len(ids)} instances run")
            output([program(), "--confirm", "0", PEERS / "stop.lua", *ids], simulator.environment(),
                   UNCONFIRMED)
            log = simulator.log()
            stopped = {row["id"] for row in simulator.rows() if row["intended_status"] == "stopped"}
            if not stopped.issuperset(ids):
                raise Unmeasurable("not everything was stopped")
        # Reading the fleet, by which the guard judges, is a figure of its own.
        log = log[next(place for place, request in enumerate(log) if request["method"] == "PUT"):]
        puts = [request for request in log if request["method"] == "PUT"]
        spans.append(span(puts))
        refusals.append(refused(log))
        changes.append(len(puts))
        checks.append(len(log) - len(puts))
    return [
        exactly("stop 300, one request a second: bulk requests", max(changes), 5),
        exactly("  refused (429), worst run", max(refusals), 0),
        limit("  first to last change", median(spans), 4.4, "s", "4.00 s", f"{median(spans) / 4:.3f}"),
        limit("  requests to check, worst run", max(checks), 2, ""),
    ]


def list_300():
    spans, refusals = [], []
    for _ in range(rounds(3)):
        with Simulator("--instances", 300, "--rate-limit", "on") as simulator:
            lines = output([program(), PEERS / "list.lua"], simulator.environment())
            log = simulator.log()
        if lines.split()[0] != "300" or len(log) < 12:
            raise Unmeasurable(f"not everything was listed: {lines}")
        spans.append(span(log))
        refusals.append(refused(log))
    return [
        limit("list 300, one page a second: first to last", median(spans), 11.55, "s", "11.00 s", f"{median(spans) / 11:.3f}"),
        exactly("  refused (429), worst run", max(refusals), 0),
    ]


def timed(words, env):
    """The seconds that a script says its work took, and those of the whole process."""
    began = time.perf_counter()
    work = float(output(words, env, UNCONFIRMED).split()[0])
    return work, time.perf_counter() - began


def mixed():
    work = {"ours": [], "single": [], "bulk": []}
    whole = {"ours": [], "single": [], "bulk": []}
    python = peers.python()
    for _ in range(rounds(7)):
        for who in work:
            with Simulator("--instances", 100) as simulator:
                words = ([program(), "--pacing", "none", "--confirm", "0", PEERS / "mixed.lua"] if who == "ours"
                         else [python, PEERS / "official.py", simulator.url, KEY, who])
                seconds = timed(words, simulator.environment())
            work[who].append(seconds[0] * 1e3)
            whole[who].append(seconds[1] * 1e3)
    return [
        times_as_fast("list 100, stop 30, label 30; official SDK", median(whole["ours"]), median(whole["single"]), 10),
        times_as_fast("  SDK stopping in bulk", median(whole["ours"]), median(whole["bulk"]), None),
        times_as_fast("  the requests alone", median(work["ours"]), median(work["single"]), None),
        times_as_fast("  the requests alone, in bulk", median(work["ours"]), median(work["bulk"]), None),
    ]


def listing_memory():
    peaks = []
    with Simulator("--instances", 10_000) as simulator:
        for _ in range(rounds(3)):
            count, peak = output(
                [program(), "--pacing", "none", PEERS / "list.lua"], simulator.environment()).split()
            if count != "10000":
                raise Unmeasurable(f"{count} rows were listed, not 10,000")
            peaks.append(int(peak) / 1024)
    return [limit("peak memory: 10,000 rows listed", median(peaks), 150, "MB")]
