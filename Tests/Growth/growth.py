#!/usr/bin/env python3
"""Runs a script for a simulated year, or for some minutes, and watches what the process holds month by month.

usage: growth.py year [DAYS]        on the simulator's clock, as fast as the machine keeps up; default: 365 days
       growth.py soak [MINUTES]     for so long at the fastest speed; default: 30

environment: VAST_LUA is the program; default .build/release/vast-lua. SPEED is how many seconds pass in one.

200 instances, of which five a day are followed by others; Tests/Growth/policies.lua looks at them each minute, and is reloaded by
SIGHUP once a week. The exit code is 1 when what the process holds after the last month is more than 1.1 times that after the first.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
PROGRAM = os.environ.get("VAST_LUA", str(HERE.parent.parent / ".build/release/vast-lua"))
DAY = 86_400
MONTH = 30
INSTANCES = 200
LIFE = 40
MOST = 1.1


def fleet():
    """Rows of the service's form, and when each is followed by another."""
    rows, events = [], []
    for number in range(INSTANCES):
        kind = ("trainer", "dev", "night")[number % 3]
        rows.append({
            "id": 1000 + number, "machine_id": 1000 + number, "actual_status": "running", "intended_status": "running",
            "cur_state": "running", "next_state": "running", "num_gpus": 1, "gpu_name": "RTX 4090", "label": f"{kind}-{number}",
            "gpu_util": 0.0, "gpu_temp": 35.0, "dph_base": 0.4, "dph_total": 0.42, "storage_total_cost": 0.02, "disk_space": 32,
            "image_uuid": "pytorch/pytorch", "start_date": time.time() - DAY, "simulator": {"workload": "idle" if number % 6 == 0 else "training"},
        })
        events.append({"after": (number + 1) * LIFE * DAY / INSTANCES, "id": 1000 + number, "event": f"turns_over:{LIFE}"})
    return {"fleet": 1, "account": {"credit": 1e9}, "instances": rows, "events": events}


def status(process):
    """Kilobytes of memory, threads, descriptors."""
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    numbers = {name: int(value) for name, value in re.findall(r"^(VmRSS|Threads):\s+(\d+)", text, re.M)}
    return {"memory": numbers["VmRSS"], "threads": numbers["Threads"], "descriptors": len(os.listdir(f"/proc/{process.pid}/fd"))}


def run(days, seconds, speed, folder):
    (folder / "fleet.json").write_text(json.dumps(fleet()))
    shutil.copy(HERE / "policies.lua", folder / "policies.lua")
    config = folder / "config/vast-lua"
    config.mkdir(parents=True)
    (config / "config.json").write_text('{"retention": {"journal": "14d", "readings": "14d"}}')
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "TZ": "UTC"}
    words = [PROGRAM, f"--simulator={folder / 'fleet.json'}", "--simulator-speed", str(speed), "--log-level", "error",
             "--pacing", "none", "--confirm", "0s", "policies.lua"]
    with open(folder / "errors", "w") as errors:
        process = subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        begun, first, found = time.monotonic(), None, []
        try:
            for line in process.stdout:
                now = float(line)
                first = first or now
                day = round((now - first) / DAY)
                found.append({"day": day, "seconds": round(time.monotonic() - begun), **status(process)})
                if day % 7 == 6:
                    process.send_signal(signal.SIGHUP)
                if day % MONTH == 0:
                    print(json.dumps(found[-1]), flush=True)
                if day >= days or time.monotonic() - begun > seconds:
                    break
        finally:
            early = process.poll()
            process.send_signal(signal.SIGQUIT)
            process.wait(60)
    if early is not None:
        print(f"it ended by itself with {early}")
    complaints = (folder / "errors").read_text().splitlines()
    print(f"{len(complaints)} lines of errors; the last of them:", *(line[:300] for line in complaints[-3:]), sep="\n")
    return found


def main():
    mode, amount = (sys.argv + [""])[1], float(sys.argv[2]) if len(sys.argv) > 2 else None
    if mode not in ("year", "soak"):
        sys.exit(__doc__)
    speed = os.environ.get("SPEED", "20000" if mode == "year" else "100000")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vast-lua-growth-"))
    try:
        found = run(amount or 365 if mode == "year" else 1e9, 1e9 if mode == "year" else 60 * (amount or 30), speed, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if len(found) < 3:
        sys.exit("it did not last for three days")
    month = min(MONTH, len(found) // 3)
    failed = False
    for name in ("memory", "threads", "descriptors"):
        early = max(day[name] for day in found[:month + 1])
        late = max(day[name] for day in found[-month:])
        failed |= late > MOST * early
        print(f"{name}: {early} in the first {month} days, {late} in the last {month}: {late / early:.2f}")
    sys.exit(1 if failed else 0)


main()
