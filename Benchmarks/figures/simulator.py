"""The simulated service in a process of its own."""
import json
import re
import subprocess
import urllib.request

from .measuring import Unmeasurable, environment, program

KEY = "simulator"


class Simulator:
    """Serves while it is entered."""

    def __init__(self, *options):
        self.words = [program(), "simulator", "--port", "0", *map(str, options)]

    def __enter__(self):
        self.process = subprocess.Popen(self.words, env=environment(), stdout=subprocess.PIPE, text=True)
        found = re.search(r"http://127\.0\.0\.1:\d+", self.process.stdout.readline())
        if not found:
            self.process.kill()
            raise Unmeasurable("the simulator does not start")
        self.url = found.group()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()

    def environment(self):
        return environment(VAST_URL=self.url, VAST_API_KEY=KEY)

    def _control(self, name):
        with urllib.request.urlopen(f"{self.url}/simulator/{name}", timeout=60) as answer:
            return json.load(answer)

    def rows(self):
        return self._control("rows")

    def log(self):
        """Every request so far, in the order of their arrival: method, target, status, uptime and more."""
        return self._control("log")
