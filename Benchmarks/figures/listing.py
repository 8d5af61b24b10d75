"""A listing of 10,000 rows, from the bytes of its pages to a rule that has read three fields of each."""
import subprocess
import sys

from . import peers
from .measuring import HERE, PEERS, Unmeasurable, median, output, rounds, scratch, times_as_fast
from .swift import executable


def pages():
    path = scratch() / "listing.jsonl"
    maker = HERE / "make_listing.py"
    if not path.exists() or path.stat().st_mtime < maker.stat().st_mtime:
        subprocess.run([sys.executable, maker, path], check=True)
    return path


def listing():
    path = pages()
    commands = {
        "ours": [executable("ListingBenchmark")],
        "lua-cjson": [peers.lua(), PEERS / "listing_cjson.lua"],
        "orjson": [peers.python(), PEERS / "listing_orjson.py"],
    }
    walls, found = {name: [] for name in commands}, set()
    for _ in range(rounds(5)):
        for name, words in commands.items():
            for line in output([*words, path, 5]).splitlines():
                wall, _, count = line.split()
                walls[name].append(float(wall) * 1e3)
                found.add(int(float(count)))
    if len(found) != 1:
        raise Unmeasurable(f"the rules disagree: {sorted(found)} rows found")
    ours = median(walls.pop("ours"))
    name = f"listing of 10,000 rows, {path.stat().st_size / 1e6:.0f} MB"
    return [times_as_fast(f"{name}; {peer}", ours, median(times), 2) for peer, times in walls.items()]
