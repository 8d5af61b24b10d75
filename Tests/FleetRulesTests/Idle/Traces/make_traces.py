#!/usr/bin/env python3
"""Makes traces.csv; see README.md."""
import pathlib
import random

STEP, DAYS = 5, 3
MINUTES = range(0, DAYS * 1440, STEP)
chance = random.Random(20261124)


def idle():
    return dict(state="running", gpu=0.0, temp=chance.randint(28, 36), cpu=0.02, disk=40.0, busy=0)


def work(low=88.0, high=100.0):
    return dict(state="running", gpu=round(chance.uniform(low, high), 1), temp=chance.randint(62, 78), cpu=0.4, disk=40.0, busy=1)


def training(minute):
    row = work()
    if minute % 60 < 10:  # a checkpoint: the GPU waits for the disk
        row.update(gpu=0.0, cpu=0.5, temp=58)
    return row


def stopped():
    return dict(state="stopped", gpu=None, temp=None, cpu=None, disk=40.0, busy=0)


def serving():
    rows, left, gap = {}, 0, False
    for minute in MINUTES:
        if left <= 0:
            gap = not gap
            left = chance.choice([15, 20, 35]) if gap else chance.choice([10, 25, 60])
        left -= STEP
        row = work(8, 60)
        if gap:
            row.update(gpu=0.0, temp=chance.randint(45, 54), cpu=0.03)
        rows[minute] = row
    return rows


def loading(minute):
    if minute % 1440 < 300:
        return dict(state="running", gpu=0.0, temp=chance.randint(30, 38), cpu=0.9, disk=40.0 + minute % 1440 * 0.2, busy=1)
    return training(minute)


def null_spells(minute):
    row = training(minute)
    if minute % 400 < 110:
        row.update(gpu=None)
    return row


def false_zeros(minute):
    row = training(minute)
    if minute % 700 < 240:
        row.update(gpu=0.0, temp=chance.randint(63, 78))
    return row


def late(rows):
    return {m: dict(r, gpu=rows[max(0, m - 20)]["gpu"]) for m, r in rows.items()}


def restarts(minute):
    phase = minute % 240
    if phase < 60:
        return stopped()
    if phase < 75:  # loading weights from the disk
        return dict(idle(), busy=1, cpu=0.1)
    return training(minute)


def gaps(minute):
    return None if minute % 300 < 60 else training(minute)


def notebook(minute):
    hour = minute % 1440 // 60
    return work(10, 70) if 9 <= hour < 12 else idle()


def noise(_):
    row = idle()
    if chance.random() < 0.1:
        row["gpu"] = round(chance.uniform(1, 3), 1)
    return row


def each(function):
    return {minute: function(minute) for minute in MINUTES}


TRACES = {
    "training": each(training), "serving": serving(), "loading": each(loading),
    "stuck": each(lambda m: dict(work(), gpu=100.0, busy=0)),
    "null-spells": each(null_spells), "false-zeros": each(false_zeros), "late": late(each(training)),
    "restarts": each(restarts), "gaps": each(gaps),
    "forgotten": each(lambda m: training(m) if m < 120 else idle()), "notebook": each(notebook),
    "never-used": each(lambda m: idle()), "noise": each(noise),
}


def text(value):
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


lines = ["trace,minute,state,gpu_util,gpu_temp,cpu_util,disk_usage,busy"]
for name, rows in TRACES.items():
    for minute, row in rows.items():
        if row is not None:
            lines.append(",".join([name, str(minute)] + [text(row[key]) for key in ("state", "gpu", "temp", "cpu", "disk", "busy")]))
(pathlib.Path(__file__).parent / "traces.csv").write_text("\n".join(lines) + "\n")
