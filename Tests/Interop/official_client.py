#!/usr/bin/env python3
"""Runs the official command-line client, unmodified, against `vast-lua simulator`.

Environment:
  VAST_LUA       the program to start; default: .build/debug/vast-lua, then vast-lua on the PATH. It is started as
                 `VAST_LUA simulator --port 0`, unless VAST_LUA_SERVER holds the whole command.
  VASTAI         the client to run; without it, `vastai` of VASTAI_VERSION is installed into a cached environment.
  VASTAI_VERSION default 1.9.1, which is installed by the hashes of official_client.txt; another is not

Prints one line for each check and "N passed, N failed" at the end; the exit code is 0 when nothing failed.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from pathlib import Path

PINNED = "1.9.1"
VERSION = os.environ.get("VASTAI_VERSION", PINNED)
REQUIREMENTS = Path(__file__).resolve().with_suffix(".txt")
KEY = "simulator"


def client_program():
    """The official client, installed into a cached environment when none is given."""
    if "VASTAI" in os.environ:
        return os.environ["VASTAI"]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "vast-lua" / f"vastai-{VERSION}"
    program = cache / "bin" / "vastai"
    if not program.exists():
        venv.create(cache, with_pip=True, clear=True)
        wanted = ["--require-hashes", "-r", REQUIREMENTS] if VERSION == PINNED else [f"vastai=={VERSION}"]
        subprocess.run([cache / "bin" / "pip", "install", "--quiet", "--only-binary", ":all:", *wanted], check=True)
    return str(program)


def server_command():
    if "VAST_LUA_SERVER" in os.environ:
        return shlex.split(os.environ["VAST_LUA_SERVER"])
    program = os.environ.get("VAST_LUA")
    if not program:
        built = Path(".build/debug/vast-lua")
        program = str(built) if built.exists() else shutil.which("vast-lua")
    if not program:
        sys.exit("official_client.py: no vast-lua; build it or set VAST_LUA")
    return [program, "simulator", "--port", "0"]


class Server:
    """The simulated service, and its control routes."""

    def __enter__(self):
        self.process = subprocess.Popen(server_command(), stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self.url = found.group(0)
                return self
        sys.exit("official_client.py: the simulator ended without saying where it listens")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=10)

    def control(self, method, name, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/simulator/{name}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def row(self, id):
        return next((row for row in self.control("GET", "rows") if row["id"] == id), None)

    def settle(self, seconds=600):
        """Lets virtual time pass, so that transitions end; credit is put back."""
        self.control("POST", "advance", {"seconds": seconds})


class Client:
    def __init__(self, server, home):
        self.program, self.url, self.home = client_program(), server.url, home

    def __call__(self, *arguments, key=KEY):
        environment = {**os.environ, "HOME": self.home, "XDG_CONFIG_HOME": self.home, "VASTAI_NO_UPDATE_CHECK": "1", "COLUMNS": "300"}
        environment.pop("VAST_API_KEY", None)
        command = [self.program, *map(str, arguments), "--url", self.url, "--api-key", key]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, stdin=subprocess.DEVNULL)

    def execute(self, id, command):
        """By the client's own library: the `execute` command of 1.9.1 breaks on every answer that has a result_url."""
        code = (
            "import sys; from vastai.api.client import VastClient; from vastai.api.instances import execute;"
            "print(execute(VastClient(sys.argv[1], sys.argv[2]), int(sys.argv[3]), sys.argv[4]))"
        )
        python = Path(self.program).parent / "python3"
        return subprocess.run([python, "-c", code, KEY, self.url, str(id), command], capture_output=True, text=True, timeout=60)

    def raw(self, *arguments, **options):
        result = self(*arguments, "--raw", **options)
        try:
            return json.loads(result.stdout)
        except ValueError:
            return {"stdout": result.stdout, "stderr": result.stderr}


class Checks:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def __call__(self, fact, holds, seen=""):
        self.passed, self.failed = self.passed + bool(holds), self.failed + (not holds)
        print(("ok    " if holds else "FAIL  ") + fact + ("" if holds else f"\n      saw: {str(seen)[:600]}"), flush=True)


def reading(client, server, check):
    rows = client.raw("show", "instances")
    expected = [row["id"] for row in server.control("GET", "rows")]
    check("show instances lists every row", isinstance(rows, list) and [row["id"] for row in rows] == expected, rows)
    table = client("show", "instances")
    check("show instances prints its table", table.returncode == 0 and str(expected[0]) in table.stdout, table.stdout + table.stderr)
    quiet = client("show", "instances", "-q")
    check("show instances -q prints the ids", quiet.stdout.split() == [str(id) for id in expected], quiet.stdout)
    filtered = client.raw("show", "instances", "--status", "running")
    check("show instances --status filters", isinstance(filtered, list) and 0 < len(filtered) < len(expected), filtered)
    check("show instance shows one", client.raw("show", "instance", expected[0]).get("id") == expected[0])
    check("show instance of none says so", client.raw("show", "instance", 1) == {"instances": None})
    user = client.raw("show", "user")
    check("show user has credit", user.get("credit", 0) > 0, user)


def single(client, server, check):
    on = [row["id"] for row in server.control("GET", "rows") if row["actual_status"] == row["cur_state"] == "running"]
    one = on[0]
    said = client("stop", "instance", one)
    check("stop instance is accepted", f"stopping instance {one}." in said.stdout, said)
    server.settle(60)
    check("stop instance stops", server.row(one)["actual_status"] == "exited" and server.row(one)["cur_state"] == "stopped", server.row(one))
    text = client.execute(one, "ls -l")
    check("execute gives the output of a stopped instance", "run.sh" in text.stdout, text)
    said = client("start", "instance", one)
    check("start instance is accepted", f"starting instance {one}." in said.stdout, said)
    server.settle(200)
    check("start instance starts", server.row(one)["actual_status"] == "running", server.row(one))
    client("label", "instance", one, "by the client")
    check("label instance labels", server.row(one)["label"] == "by the client", server.row(one)["label"])
    said = client("reboot", "instance", one)
    check("reboot instance is accepted", "Rebooting" in said.stdout, said)
    last = server.control("GET", "log")[-1]
    check("reboot instance reboots", (last["route"], last["status"]) == ("reboot", 200), last)
    server.settle(200)
    said = client("recycle", "instance", one)
    check("recycle instance is accepted", "Recycling" in said.stdout, said)
    server.settle(200)
    check("recycle instance comes back", server.row(one)["actual_status"] == "running", server.row(one)["actual_status"])
    text = client("logs", one, "--tail", "5")
    check("logs gives lines", f"C.{one}" in text.stdout, text)
    said = client("destroy", "instance", one, "-y")
    check("destroy instance is accepted", "destroying" in said.stdout, said)
    check("destroy instance destroys", server.row(one) is None, server.row(one))


def bulk(client, server, check):
    on = [row["id"] for row in server.control("GET", "rows") if row["actual_status"] == row["cur_state"] == "running"][:6]
    client("stop", "instances", *on)
    server.settle(60)
    check("stop instances stops all", all(server.row(id)["cur_state"] == "stopped" for id in on), [server.row(id)["cur_state"] for id in on])
    free = [id for id in on if server.row(id)["machine_id"] not in (31001, 31002)][:3]
    client("start", "instances", *free)
    server.settle(200)
    check("start instances starts all", all(server.row(id)["actual_status"] == "running" for id in free), [server.row(id) for id in free])
    client("destroy", "instances", *on, "-y")
    check("destroy instances destroys all", all(server.row(id) is None for id in on))
    log = server.control("GET", "log")
    sent = [(entry["method"], entry["route"]) for entry in log if "bulk" in entry["route"]]
    check("each went as one bulk request", sent == [("PUT", "bulk"), ("PUT", "bulk"), ("DELETE", "destroy_bulk")], sent)


def failures(client, server, check):
    said = client("show", "instances", "--raw", key="wrong")
    check("a wrong key is told", "Invalid user key" in said.stderr, said)
    said = client("stop", "instance", 1)
    check("an unknown id is told", "not found" in said.stdout + said.stderr, said)
    taken = next(row for row in server.control("GET", "rows") if row["cur_state"] == "stopped" and row["actual_status"] == "exited")["id"]
    server.control("POST", "events", {"id": taken, "event": "gpus_taken:8"})
    said = client("start", "instance", taken)
    check("a refused start is told", "state change queued" in said.stdout, said)
    server.control("PUT", "faults", [{"route": "list", "times": 1, "fault": {"kind": "html", "status": 503}}])
    rows = client.raw("show", "instances")
    check("the client gets over one 503", isinstance(rows, list) and rows, rows)
    server.control("PUT", "faults", [])
    server.control("PUT", "limits", {"enabled": True, "retry_after": "whole", "form": "error"})
    rows = client.raw("show", "instances")
    log = server.control("GET", "log")
    check("the client gets over a 429 with Retry-After", isinstance(rows, list) and rows and log[-2]["status"] in (200, 429), rows)


def main():
    started, check = time.monotonic(), Checks()
    with Server() as server, tempfile.TemporaryDirectory() as home:
        client = Client(server, home)
        for part in (reading, single, bulk, failures):
            part(client, server, check)
    print(f"{check.passed} passed, {check.failed} failed ({time.monotonic() - started:.0f} s)")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
