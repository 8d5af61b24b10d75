"""Processes, medians and the table's rows."""
import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent
BUILD = ROOT / ".build"
PEERS = HERE / "peers"

median = statistics.median


class Unmeasurable(Exception):
    """A figure could not be measured; the message says why."""


@dataclass
class Figure:
    """One row of the table. `bound` is what `value` is compared with; without one the row only informs."""
    name: str
    ours: str
    reference: str
    ratio: str
    bound: str
    is_met: bool | None


def at_most(name, ours, reference, bound, unit="ms"):
    """A figure that shall be at most `bound` times the reference."""
    ratio = ours / reference
    return Figure(name, show(ours, unit), show(reference, unit), f"{ratio:.2f}", f"<= {bound}", ratio <= bound)


def times_as_fast(name, ours, reference, bound, unit="ms"):
    """A figure that shall be at least `bound` times as fast as the reference; without a bound it only informs."""
    ratio = reference / ours
    met = None if bound is None else ratio >= bound
    wanted = "" if bound is None else f">= {bound}x"
    return Figure(name, show(ours, unit), show(reference, unit), f"{ratio:.2f}x", wanted, met)


def limit(name, ours, bound, unit, reference="", ratio=""):
    """A figure with a limit of its own."""
    return Figure(name, show(ours, unit), reference, ratio, f"<= {show(bound, unit)}", ours <= bound)


def show(value, unit):
    if unit == "":
        return f"{value:g}"
    return f"{value:.2f} {unit}" if value < 10 else f"{value:.1f} {unit}"


def program():
    """The program that is measured: VAST_LUA, or the release build."""
    path = Path(os.environ.get("VAST_LUA", BUILD / "release" / "vast-lua")).resolve()
    if not os.access(path, os.X_OK):
        raise Unmeasurable(f"{path} is missing; `make release` builds it")
    return str(path)


def rounds(usual):
    """How often something is measured; BENCH_ROUNDS makes it fewer, for trying the driver."""
    return min(usual, int(os.environ.get("BENCH_ROUNDS", usual)))


def environment(**more):
    """A surrounding without the user's key and state, so that one run knows nothing of another."""
    folder = tempfile.mkdtemp(prefix="run-", dir=scratch())
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": folder, "XDG_RUNTIME_DIR": folder,
            "VAST_LUA_STATE": folder, "TZ": "UTC", **more}


def scratch():
    folder = BUILD / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def spawn_time(words, env):
    """Wall seconds from the start of a process to its end, with as little of our own as possible."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, nowhere, 0), (os.POSIX_SPAWN_DUP2, nowhere, 1)]
    try:
        began = time.perf_counter()
        pid = os.posix_spawn(words[0], words, env, file_actions=actions)
        _, status = os.waitpid(pid, 0)
        length = time.perf_counter() - began
    finally:
        os.close(nowhere)
    if status != 0:
        raise Unmeasurable(f"{' '.join(words)} ended with status {os.waitstatus_to_exitcode(status)}")
    return length


def output(words, env=None, codes=(0,), timeout=300):
    """What a process prints; `codes` are the exit codes that mean success."""
    words = [str(word) for word in words]
    try:
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=timeout)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unmeasurable(str(error)) from error
    if done.returncode not in codes:
        raise Unmeasurable(f"{' '.join(words)[:200]} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout
