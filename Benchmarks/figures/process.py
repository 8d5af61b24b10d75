"""Start-up and memory of an empty script."""
from . import peers
from .measuring import at_most, environment, limit, median, output, program, rounds, spawn_time


def start_up():
    ours, theirs = [program(), "-e", ""], [peers.lua(), "-e", ""]
    env = environment()
    times = {True: [], False: []}
    for _ in range(3):
        spawn_time(ours, env), spawn_time(theirs, env)
    for _ in range(rounds(101)):
        times[True].append(spawn_time(ours, env))
        times[False].append(spawn_time(theirs, env))
    return [at_most("start-up: -e ''", median(times[True]) * 1e3, median(times[False]) * 1e3, 6)]


def empty_memory():
    report = "print(io.open('/proc/self/status'):read('a'):match('VmHWM:%s*(%d+)'))"
    peaks = [int(output([program(), "-e", report], environment())) for _ in range(rounds(5))]
    return [limit("peak memory: empty script", median(peaks) / 1024, 20, "MB")]
