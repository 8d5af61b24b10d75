"""The Lua engine against the same functions in C."""
from .measuring import at_most, output
from .swift import executable

BOUNDS = {"binding": ("call of a two-integer binding", 1.5), "table": ("30-field table returned", 2)}


def calls():
    figures = []
    for line in output([executable("EngineBenchmark")]).splitlines():
        name, ours, reference = line.split()
        text, bound = BOUNDS[name]
        figures.append(at_most(text, float(ours), float(reference), bound, "ns"))
    return figures
