"""What is measured against; installed when it is missing."""
import os
import shutil
import subprocess
import sys
import venv

from .measuring import BUILD, Unmeasurable

REQUIREMENTS = os.path.splitext(os.path.abspath(__file__))[0] + ".txt"


def lua():
    """Debian's lua5.4, with lua-cjson."""
    if not has_cjson():
        install(["lua5.4", "lua-cjson"])
    if not has_cjson():
        raise Unmeasurable("lua5.4 with lua-cjson is missing (Debian: lua5.4 lua-cjson)")
    return shutil.which("lua5.4")


def has_cjson():
    path = shutil.which("lua5.4")
    return path and subprocess.run([path, "-e", "require 'cjson'"], capture_output=True).returncode == 0


def install(packages):
    if not shutil.which("apt-get"):
        return
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    print("installing:", *packages, flush=True)
    subprocess.run([*sudo, "apt-get", "install", "-y", "-qq", *packages], stdout=subprocess.DEVNULL, check=False)


def python():
    """A Python with orjson and the official client, in an environment that is kept."""
    folder = BUILD / "bench-venv"
    program = folder / "bin" / "python"
    if not imports(program):
        print("installing into .build/bench-venv: orjson, croniter and the official client", flush=True)
        try:
            venv.create(folder, with_pip=True, clear=True)
            subprocess.run(
                [program, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--require-hashes", "-r", REQUIREMENTS], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Unmeasurable(f"orjson, croniter and vastai cannot be installed: {error}") from error
    return str(program)


def imports(program):
    if not program.exists():
        return False
    return subprocess.run([program, "-c", "import croniter, orjson, vastai"], capture_output=True).returncode == 0


if sys.version_info < (3, 10):
    sys.exit("the benchmarks need Python 3.10 or later")
