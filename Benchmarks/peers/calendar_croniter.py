"""Microseconds for one `next` of croniter over the conformance cases."""
import json
import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from croniter import croniter

cases = json.load(open(sys.argv[1]))["next"]
count, total = 0, 0.0
for case in cases:
    zone = ZoneInfo(case["zone"])
    begin = time.process_time()
    try:
        iterator = croniter(case["expr"], datetime.fromtimestamp(case["after"], zone))
        for _ in case["next"]:
            iterator.get_next(datetime)
    except Exception:  # what it does not understand, such as 15W, is left out
        continue
    total += time.process_time() - begin
    count += len(case["next"])
print(total / count * 1e6)
