#!/usr/bin/env python3
"""Makes Fixture-0.1: the state, a plan and a config file as vast-lua 0.1 writes them.

usage: make-fixture.py PROGRAM [FOLDER]     PROGRAM is a vast-lua 0.1; FOLDER is Fixture-0.1 beside this script

The program runs against its own simulator on loopback, in a home of its own. What would tell of the machine, its name
and its paths, is replaced afterwards. Needs nothing but Python 3. Times, run ids and readings differ each time; what
was done does not.
"""
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

PORT = 48231                      # the account's name follows from address and key
URL = f"http://127.0.0.1:{PORT}"
KEY = "simulator"
HOME = "/home/user"               # what stands in the fixture for the home that was used

CONFIG = """{
  // Ceilings over every script.
  "guard": {
    "max_stops": 20,
    "max_starts": 5,
    "keep_at_least": 1,
    "protect": {"label": ["prod*", "*[prod]*"], "id": [40112303]}
  },
  "timezone": "Europe/Berlin"
}
"""

NIGHTLY = """vast.changes()
vast.stop({40112241, 40112242}, {reason = "idle for an hour"})
vast.stop(40112302)                                     -- is stopped already
vast.start(40112309, {reason = "due"})
local ok, why = vast.try("unavailable", vast.start, 40112305)
assert(not ok, "its GPUs are taken")
vast.label(40112234, "train-b [keep until=fri]")
vast.reboot(40112262)
vast.store.set("nights", (vast.store.get("nights") or 0) + 1)
vast.store.set("last", {stopped = {40112241, 40112242}, note = "na\\u{EF}ve \\u{2713}"})
vast.at(vast.now() + 1, function() end, {name = "soon"})
vast.cron("0 22 * * *", function() end, {name = "night", tz = "Europe/Berlin"})
vast.sleep("3s")
os.exit(true)
"""

REFUSED = """vast.label(40112236, "train-c tuesday")
vast.label(vast.instance(40112236), "train-c tuesday")  -- is so already, as a fresh reading shows
pcall(vast.reboot, 40112278)                            -- the answer is lost each time
vast.label(40112235, "train-llm tuesday")               -- is refused
"""

LOST = """vast.reboot(40112260)
vast.label(40112237, "whose?")                          -- never arrives
"""

KILLED = """vast.stop(40112243, {reason = "nobody knows whose it is"})
"""

POLICIES = """vast.policy {
  name = "quiet", every = "1s", match = {state = "running", label = {"sweep-3", "notebook"}},
  when = function() return true, "quiet" end, grace = "1s", cooldown = "1s", action = "stop",
}
vast.policy {
  name = "patient", every = "1s", match = {state = "running", label = "serve*"},
  when = function() return true, "quiet" end, grace = "10h", action = "stop",
}
vast.policy {
  name = "office", every = "1s", match = {label = "eval*"}, only = "start",
  up = vast.hours("mon-sun 00:00-23:59", {tz = "Europe/Berlin"}),
}
"""

PLANNED = """for _, inst in ipairs(vast.instances {label = {"keep-bench", "keep-demo"}}) do
  if inst.state == "running" then
    vast.stop(inst, {reason = "planned"})
    vast.label(inst, inst.label .. " (stopped)")
  end
end
vast.start(40112310)
vast.label({40112300, 40112301}, "old")
"""

IN_DOUBT = """vast.stop(40112240, {reason = "over"})
vast.label(40112233, "train-a in doubt")                -- is on its way when the process dies
"""


class Fixture:
    def __init__(self, program, folder):
        self.program, self.folder = os.path.abspath(program), pathlib.Path(folder)
        self.home = tempfile.mkdtemp()
        self.state = f"{self.home}/.local/state/vast-lua"
        self.environment = {
            "PATH": "/usr/bin:/bin", "HOME": self.home, "TZ": "UTC", "VAST_URL": URL, "VAST_API_KEY": KEY}
        self.scripts = {}
        self.write(".config/vast-lua/config.json", CONFIG)

    # the program

    def write(self, name, text):
        path = pathlib.Path(self.home, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return name

    def begin(self, *words):
        return subprocess.Popen(
            [self.program, *words], cwd=self.home, env=self.environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def run(self, *words, codes=(0,)):
        process = self.begin(*words)
        errors = process.communicate(timeout=60)[1].decode()
        sys.stderr.write(errors)
        if process.returncode not in codes:
            sys.exit(f"{' '.join(words)}: exit code {process.returncode}")

    def killed_while_sent(self, script):
        process = self.begin(script)
        self.until("SELECT count(*) FROM change JOIN run ON run.number = run WHERE pid = ? AND status = 'sent'", process.pid)
        time.sleep(0.3)
        process.kill()
        process.communicate()

    # what the state and the simulator say

    def query(self, sql, *values):
        database = sqlite3.connect(f"file:{self.state}/state.sqlite?mode=ro", uri=True)
        try:
            return database.execute(sql, values).fetchall()
        except sqlite3.OperationalError:
            return []
        finally:
            database.close()

    def until(self, sql, *values):
        """Waits until a query gives a number above 0."""
        for _ in range(600):
            rows = self.query(sql, *values)
            if rows and rows[0][0]:
                return
            time.sleep(0.05)
        sys.exit(f"never true: {sql}")

    def request(self, method, path, body):
        request = urllib.request.Request(
            URL + path, json.dumps(body).encode(), {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
            method=method)
        return urllib.request.urlopen(request, timeout=10).read()

    def faults(self, *rules):
        self.request("PUT", "/simulator/faults", {"rules": list(rules)})

    # what is done

    def do(self):
        self.run(self.write("nightly.lua", NIGHTLY))

        self.faults(
            {"path": "/api/v0/instances/40112235/", "method": "PUT", "fault": {"kind": "refuse"}},
            {"route": "reboot", "fault": {"kind": "reset"}})
        self.run("--confirm", "3s", self.write("refused.lua", REFUSED), codes=(6,))

        self.faults({"method": "PUT", "path": "/api/v0/instances/40112243/", "fault": {"kind": "stall", "applied": True}})
        self.killed_while_sent(self.write("killed.lua", KILLED))
        self.faults({"method": "PUT", "path": "/api/v0/instances/40112237/", "fault": {"kind": "stall"}})
        self.killed_while_sent(self.write("lost.lua", LOST))
        self.faults()

        self.run("plan", "-o", "plan.json", self.write("planned.lua", PLANNED))   # also finds out about the killed runs
        self.run("apply", "plan.json", codes=(0, 6))
        self.run("undo", "--last", codes=(0, 6))
        self.policies()

        self.run("freeze", "--for", "1s", "audit")
        time.sleep(1.2)
        self.faults({"method": "PUT", "path": "/api/v0/instances/40112233/", "fault": {"kind": "stall"}})
        self.killed_while_sent(self.write("in-doubt.lua", IN_DOUBT))

    def policies(self):
        """One instance stays stopped by the policy; the other one is started again by hand and left alone."""
        process = self.begin(self.write("policies.lua", POLICIES))
        acts = "SELECT count(*) FROM job, json_each(mark, '$.acts') WHERE json_extract(json_each.value, '$[2]') = 1"
        self.until(f"SELECT 2 <= ({acts})")
        self.request("PUT", "/api/v0/instances/40112247/", {"state": "running"})
        self.until("SELECT count(*) FROM job, json_each(mark, '$.left_alone')")
        process.send_signal(signal.SIGTERM)
        sys.stderr.write(process.communicate(timeout=60)[1].decode())

    # what is kept

    def keep(self):
        self.folder.mkdir(exist_ok=True)
        database = f"{self.state}/state.sqlite"
        self.neutral_database(database)
        shutil.copyfile(database, self.folder / "state.sqlite")
        freeze = json.loads(pathlib.Path(self.state, "freeze.json").read_text())
        freeze["by"] = "user@fixture"
        (self.folder / "freeze.json").write_text(json.dumps(freeze, separators=(",", ":")) + "\n")
        (self.folder / "plan.json").write_text(self.neutral_plan(pathlib.Path(self.home, "plan.json").read_text()))
        (self.folder / "config.json").write_text(CONFIG)
        connection = sqlite3.connect(database)
        accounts = {account for account, in connection.execute("SELECT account FROM run")}
        connection.close()
        (self.folder / "account.txt").write_text("".join(f"{account}\n" for account in sorted(accounts)))

    def neutral_database(self, path):
        database = sqlite3.connect(path)
        for table in ("run", "job", "snapshot", "value"):
            database.execute(f"UPDATE {table} SET script = replace(script, ?, ?)", (self.home, HOME))
        database.execute("UPDATE run SET host = 'fixture', pid = number, lease = id || '-' || number")
        database.commit()
        database.execute("VACUUM")                        # what was replaced stands in no free page either
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    def neutral_plan(self, text):
        """The plan with a neutral path and the hash that belongs to it."""
        def hash_of(plan):
            plan = {name: value for name, value in plan.items() if name != "hash"}
            return "sha256:" + hashlib.sha256(canonical(plan).encode()).hexdigest()

        def parse(text):
            return json.loads(text, parse_float=Number, parse_int=Number)

        before = parse(text)
        if hash_of(before) != before["hash"]:
            sys.exit("the hash of the plan is not what this script takes it for")
        text = text.replace(self.home, HOME)
        return text.replace(before["hash"], hash_of(parse(text)))

    def check(self):
        """Nothing of this machine is left."""
        words = [self.home, self.program, socket.gethostname()]
        for file in sorted(self.folder.iterdir()):
            found = [word for word in words if word.encode() in file.read_bytes()]
            # A short host name may be part of another word; a path may not.
            found = [word for word in found if len(word) > 3]
            if found:
                sys.exit(f"{file.name} still holds {found}")


class Number(str):
    """A number as it stood in the text."""


def canonical(value):
    """JSON with the members of each object in the order of their names, and numbers as they stood."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode())
        return "{" + ",".join(f"{canonical(name)}:{canonical(member)}" for name, member in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def main(words):
    if len(words) not in (1, 2):
        sys.exit(__doc__)
    folder = words[1] if len(words) == 2 else pathlib.Path(__file__).parent / "Fixture-0.1"
    fixture = Fixture(words[0], folder)
    simulator = subprocess.Popen(
        [fixture.program, "simulator", "--port", str(PORT), "--speed", "60", "--key", KEY], stdout=subprocess.PIPE)
    try:
        simulator.stdout.readline()
        fixture.do()
        fixture.keep()
        fixture.check()
    finally:
        simulator.terminate()
        simulator.wait()
        shutil.rmtree(fixture.home)


if __name__ == "__main__":
    main(sys.argv[1:])
