"""Lists the fleet, stops 30 running instances and labels them, with the official SDK.

usage: official.py URL KEY single|bulk

Prints the wall seconds of the work alone, without the interpreter's start and the import. `single` stops one by one;
`bulk` uses the SDK's call for many.
"""
import sys
import time

from vastai import VastAI

URL, KEY, HOW = sys.argv[1:4]
client = VastAI(api_key=KEY, server_url=URL)
began = time.perf_counter()
rows = client.show_instances()
ids = [row["id"] for row in rows if row["actual_status"] == "running"][:30]
assert len(rows) == 100 and len(ids) == 30, (len(rows), len(ids))
if HOW == "bulk":
    assert client.stop_instances(ids)["success"]
else:
    for id in ids:
        assert client.stop_instance(id)["success"]
for id in ids:
    assert client.label_instance(id, "benchmark")["success"]
print(time.perf_counter() - began)
