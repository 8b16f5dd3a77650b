#!/usr/bin/env python3
"""Chromium as a client: a page of an allowed origin talks, reloads and finds its conversation again; a page of a foreign origin, of a
sandboxed frame ("null") and of no origin is refused, and may not read anybody's data. origins.py PANDU; needs Debian's chromium.
The pages report to the server that gave them, so nothing has to look into the browser."""
import http.server
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "server"))
from place import FREELY, Server, folder  # noqa: E402

PAGE = """<!doctype html><meta charset="utf-8"><title>test</title><script>
const url = "ws://127.0.0.1:%(port)d/ws", where = %(where)s;
function tell(found) { return fetch(where, {method: "POST", body: JSON.stringify(found), mode: "no-cors"}); }
function open(token) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, "pandu.v1"), found = {opened: false, texts: []};
    socket.onopen = () => {
      found.opened = true;
      socket.send(JSON.stringify({type: "hello", v: 1, client: "browser", conv: token || null, last: 0}));
    };
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.type === "welcome") {
        found.token = message.conv || token; found.resume = message.resume;
        socket.send(JSON.stringify({type: "msg", id: "b-" + Math.random(), text: "apa itu karier sosial?"}));
      }
      if (message.kind === "bot") found.texts.push(message.text);
      if (message.kind === "bot" && message.re && !found.done) { found.done = true; setTimeout(() => socket.close(1000), 100); }
    };
    socket.onclose = (event) => { found.code = event.code; resolve(found); };
  });
}
async function read(token) {
  try {
    const answer = await fetch("http://127.0.0.1:%(port)d/export", {headers: {Authorization: "Bearer " + token}});
    return {status: answer.status, text: await answer.text()};
  } catch (error) { return {error: String(error)}; }
}
(async () => {
  const first = await open(null), second = first.opened ? await open(first.token) : null;
  const token = first.token || "A".repeat(22);
  await tell({name: %(name)s, origin: self.origin, first, second, data: await read(token)});
})();
</script>%(more)s"""


class Site:
    """A small web server; its pages are in .pages, what they report comes into the queue."""

    def __init__(self, reports):
        site, self.pages = self, {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                page = site.pages.get(self.path)
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write((page or "").encode())

            def do_POST(self):
                reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *words):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.origin = f"http://localhost:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Browser:
    def __init__(self, home, url):
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.log = open(home / "chromium.log", "wb")
        self.process = subprocess.Popen(["chromium", "--headless=new", *sandbox, "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
                                         "--disable-background-networking", "--disable-component-update", "--disable-sync",
                                         f"--user-data-dir={home / 'profile'}", url],
                                        stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, env={**os.environ, "HOME": str(home)})

    def __enter__(self):
        return self

    def __exit__(self, *trouble):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def visit(place, site, path, reports):
    home = place / f"browser-{site.port}{path.replace(chr(47), chr(45))}"
    home.mkdir()
    with Browser(home, site.origin + path):
        try:
            return reports.get(timeout=90)
        except queue.Empty:
            raise AssertionError((home / "chromium.log").read_text(errors="replace")[-3000:]) from None


def page(server, site, name, more=""):
    return PAGE % {"port": server.port, "where": json.dumps(site.origin + "/report"), "name": json.dumps(name), "more": more}


def main():
    reports = queue.Queue()
    good, evil = Site(reports), Site(reports)
    with folder() as place, Server(place / "pandu.db", *FREELY, "--origins", good.origin) as server:
        good.pages["/chat"] = page(server, good, "allowed")
        evil.pages["/chat"] = page(server, evil, "foreign")
        inner = page(server, good, "sandboxed").replace("&", "&amp;").replace('"', "&quot;")
        good.pages["/frame"] = f'<!doctype html><iframe sandbox="allow-scripts" srcdoc="{inner}"></iframe>'

        found = visit(place, good, "/chat", reports)
        assert found["name"] == "allowed" and found["first"]["opened"] and found["first"]["code"] == 1000, found
        assert not found["first"]["resume"] and len(found["first"]["texts"]) >= 2, found
        assert found["second"]["resume"] and found["second"]["texts"][:len(found["first"]["texts"])] == found["first"]["texts"], found
        assert found["data"]["status"] == 200 and "turns" in found["data"]["text"], found
        token = found["first"]["token"]

        evil.pages["/chat"] = evil.pages["/chat"].replace('"A".repeat(22)', json.dumps(token))
        found = visit(place, evil, "/chat", reports)
        assert found["name"] == "foreign" and found["origin"] == evil.origin, found
        assert not found["first"]["opened"] and found["first"]["code"] == 1006, found
        assert "error" in found["data"], f"a foreign page read somebody's data: {found}"

        found = visit(place, good, "/frame", reports)
        assert found["name"] == "sandboxed" and found["origin"] == "null" and not found["first"]["opened"], found
        assert "error" in found["data"], found
        server.end_well()
    print("an allowed page talks and resumes; a foreign one and a sandboxed one are refused")


if __name__ == "__main__":
    main()
