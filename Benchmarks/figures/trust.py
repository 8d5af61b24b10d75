"""What guard, journal and kept readings cost, and how long history takes to show."""
import re
import sys
import tempfile
from pathlib import Path

from .measuring import Unmeasurable, limit, output
from .swift import executable


def _in_memory(what):
    """Runs it with a state directory in memory, so that the disk's own sync is apart."""
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        return [float(number) for number in output([executable("TrustBenchmark"), what, f"{folder}/state"]).split()]


def actions():
    (added,) = _in_memory("actions")
    return [limit("guard and journal, added to an action", added, 1, "ms")]


def history():
    runs, one = _in_memory("history")
    return [limit("history of 100,000 changes: the latest runs", runs, 50, "ms"),
            limit("history of 100,000 changes: one run", one, 50, "ms")]


def samples():
    size, added, read, verdicts = _in_memory("samples")
    return [limit("a week of 1,000 instances, 2 million samples", size, 120, "MB"),
            limit("one more reading kept", added, 100, "ms"),
            limit("the last hour of all instances read", read, 100, "ms"),
            limit("an idle verdict", verdicts, 50, "us")]


def policies():
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        output([sys.executable, str(Path(__file__).parents[1] / "make_listing.py"), str(pages), "1000"])
        # Idle in this reading too, so that every verdict needs its whole window.
        pages.write_text(re.sub(r'"gpu_util": ?[0-9.]+', '"gpu_util":0.4', pages.read_text()))
        tick, idle = output([executable("PolicyBenchmark"), str(pages), f"{folder}/state", "5"]).split()
    if int(idle) < 1_000:
        raise Unmeasurable(f"only {idle} verdicts of ten policies were idle")
    return [limit("a tick of ten policies over 1,000 instances and a week of readings", float(tick), 100, "ms")]
