"""The Lua engine against the same functions in C."""
from .measuring import at_most, limit, output
from .swift import executable

BOUNDS = {"binding": ("call of a two-integer binding", 1.5), "table": ("30-field table returned", 2),
          "switch": ("switch of tasks, against resume and yield", 2)}


def calls():
    return compared("binding", "table")


def tasks():
    _, size, most = output([executable("EngineBenchmark"), "tasks"]).split()
    return compared("switch") + [limit("memory of each of 10,000 tasks", float(size), float(most), "bytes")]


def compared(*names):
    figures = []
    for line in output([executable("EngineBenchmark"), *names]).splitlines():
        name, ours, reference = line.split()
        text, bound = BOUNDS[name]
        figures.append(at_most(text, float(ours), float(reference), bound, "ns"))
    return figures
