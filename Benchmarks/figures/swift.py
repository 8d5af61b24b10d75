"""The executables of Benchmarks/Package.swift."""
import functools
import os
import shutil
import subprocess

from .measuring import HERE, Unmeasurable


@functools.cache
def built():
    """Builds them and returns their folder. BENCH_SCRATCH says where, if not in Benchmarks/.build."""
    swift = os.environ.get("SWIFT") or shutil.which("swift")
    if not swift:
        raise Unmeasurable("swift is missing")
    words = [swift, "build", "-c", "release", "--static-swift-stdlib", "--package-path", str(HERE)]
    if "BENCH_SCRATCH" in os.environ:
        words += ["--scratch-path", os.environ["BENCH_SCRATCH"]]
    print("building Benchmarks", flush=True)
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise Unmeasurable(f"Benchmarks cannot be built: {(done.stdout + done.stderr)[-2000:]}")
    return subprocess.run([*words, "--show-bin-path"], capture_output=True, text=True, check=True).stdout.strip()


def executable(name):
    return os.path.join(built(), name)
