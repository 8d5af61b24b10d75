"""The prompt at a terminal of its own: from a start to the first prompt, from Tab to what it offers, and a long table."""
import json
import os
import pty
import re
import select
import time

from .measuring import Unmeasurable, environment, limit, median, program, rounds, scratch

PROMPT = re.compile(rb"(dry|sim)>(\x1b\[0m)? ")


class Terminal:
    def __init__(self, *words):
        env = {**environment(), "TERM": "xterm", "LANG": "C.UTF-8"}
        self.began = time.perf_counter()
        self.child, self.end = pty.fork()
        if self.child == 0:
            os.execve(program(), [program(), *words], env)
        self.seen = b""

    def until(self, pattern):
        """Reads until it comes; the seconds since the last call, or the start."""
        deadline = time.perf_counter() + 60
        # Only what is new is looked at, and a little of what was before: a long answer is not searched again and again.
        start = 0
        while not (found := re.compile(pattern).search(self.seen, start)):
            start = max(0, len(self.seen) - 1_000)
            if not select.select([self.end], [], [], max(0, deadline - time.perf_counter()))[0]:
                raise Unmeasurable(f"{pattern} did not come: {self.seen[-200:]}")
            self.seen += os.read(self.end, 1 << 20)
        self.seen = self.seen[found.end():]
        length, self.began = time.perf_counter() - self.began, time.perf_counter()
        return length

    def type(self, text):
        self.began = time.perf_counter()
        os.write(self.end, text.encode())

    def close(self):
        os.kill(self.child, 9)
        os.waitpid(self.child, 0)
        os.close(self.end)


def fleet(count):
    path = scratch() / f"fleet-{count}.json"
    running = {"actual_status": "running", "intended_status": "running", "cur_state": "running"}
    rows = [{"id": 40_000_000 + i, "label": f"train-{i}", "gpu_name": "RTX 4090", "num_gpus": 2, "dph_total": 0.7, **running} for i in range(count)]
    path.write_text(json.dumps(rows))
    return f"--simulator={path}"


def prompt():
    return [
        limit("first prompt after the start", median([first() for _ in range(rounds(15))]), 30, "ms"),
        limit("completion among 1,000 instances", median(completions()), 20, "ms"),
        limit("a table of 10,000 instances, shown", median(tables()), 100, "ms"),
    ]


def first():
    terminal = Terminal()
    length = terminal.until(PROMPT)
    terminal.close()
    return length * 1e3


def completions():
    terminal = Terminal(fleet(1_000))
    terminal.until(rb"1000 instances")
    terminal.until(PROMPT)
    terminal.type("vast.stop(4000")
    time.sleep(0.3)
    lengths = []
    for _ in range(rounds(15)):
        terminal.seen = b""
        terminal.type("\t")
        lengths.append(terminal.until(rb"960 more") * 1e3)
        terminal.until(rb"vast\.stop")
        time.sleep(0.05)
    terminal.close()
    return lengths


def tables():
    terminal = Terminal(fleet(10_000))
    terminal.until(rb"10000 instances")
    terminal.until(PROMPT)
    terminal.type("fleet = vast.instances()\r")
    terminal.until(PROMPT)
    lengths = []
    for _ in range(rounds(7)):
        time.sleep(0.1)
        terminal.seen = b""
        terminal.type("print(fleet)\r")
        lengths.append(terminal.until(rb"10000 instances, ") * 1e3)
        terminal.until(PROMPT)
    terminal.close()
    return lengths
