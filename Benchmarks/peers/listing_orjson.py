"""From the bytes of a listing's pages to a rule that has read three fields of every row, with orjson.

usage: listing_orjson.py PAGES [ROUNDS]

Prints, for each round, wall and processor seconds and how many rows the rule has found.
"""
import gc
import sys
import time

import orjson


def list_rows(pages):
    rows = []
    for page in pages:
        rows.extend(orjson.loads(page)["instances"])
    return rows


def rule(pages):
    found = []
    for row in list_rows(pages):
        util = row["gpu_util"]
        if row["actual_status"] == "running" and util is not None and util < 5:
            found.append(row["id"])
    return found


with open(sys.argv[1], "rb") as file:
    PAGES = file.read().splitlines()
for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
    wall, cpu = time.perf_counter(), time.process_time()
    count = len(rule(PAGES))
    print(time.perf_counter() - wall, time.process_time() - cpu, count)
    gc.collect()
