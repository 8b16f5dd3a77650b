#!/usr/bin/env python3
"""nginx and Caddy in front, for real and as docs/operating.md writes it: TLS at the proxy, WebSocket through it, visitors told apart by
X-Forwarded-For, which is believed from a trusted proxy only, and what a proxy and a server could understand differently.
proxies.py PANDU. Needs Debian's nginx and caddy; both run as the current user in a folder of their own."""
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "server"))
from place import ROOT, Refused, Server, Socket, Visitor, folder, request, until  # noqa: E402

NGINX = """
daemon off; pid {home}/nginx.pid; error_log {home}/error.log info; {user}
events {{ worker_connections 512; }}
http {{
    access_log {home}/access.log;
    client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
    map $http_upgrade $connection_upgrade {{ default upgrade; "" ""; }}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {pairs}/first.pem;
        ssl_certificate_key {pairs}/first.key;
{location}
    }}
}}
"""
CADDY = """
{{
    admin off
    auto_https off
    storage file_system {home}/storage
}}
https://localhost:{port}, https://127.0.0.1:{port} {{
    bind 127.0.0.1
    tls {pairs}/first.pem {pairs}/first.key
    reverse_proxy 127.0.0.1:{behind}
}}
"""


def trust():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def location_of_the_manual(behind):
    """The block for nginx in docs/operating.md, without what stands beside it."""
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    lines = text[text.index("location / {"):].split("```")[0].splitlines()
    lines = lines[:next(number for number, line in enumerate(lines) if line.startswith("}")) + 1]
    kept = [re.split(r"\s{8,}(?=\S)", line)[0] if not line.startswith("    ") else
            "    " + re.split(r"\s{8,}(?=\S)", line[4:])[0] for line in lines]
    block = "\n".join(re.sub(r"(?<=;)\s+[#}].*$", "", line) for line in kept)
    assert "proxy_pass http://127.0.0.1:8080" in block, block
    return block.replace("127.0.0.1:8080", f"127.0.0.1:{behind}")


class Proxy:
    def __init__(self, name, home, behind):
        home.mkdir()
        self.name, self.home, self.port = name, home, free_port()
        values = {"home": home, "port": self.port, "behind": behind, "pairs": ROOT / "tests/net/tls",
                  "location": location_of_the_manual(behind), "user": "user root;" if os.geteuid() == 0 else ""}
        config = home / "config"
        config.write_text((NGINX if name == "nginx" else CADDY).format(**values))
        words = [shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-c", config, "-p", home, "-e", home / "error.log"] if name == "nginx" \
            else ["caddy", "run", "--adapter", "caddyfile", "--config", config]
        self.out = open(home / "out", "wb")
        self.process = subprocess.Popen(words, stdout=self.out, stderr=self.out, stdin=subprocess.DEVNULL,
                                        env={**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)})

    def __enter__(self):
        until(self.listens, f"{self.name} does not listen: {(self.home / 'out').read_text()}", 30)
        return self

    def listens(self):
        assert self.process.poll() is None, (self.home / "out").read_text()
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def __exit__(self, *trouble):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.out.close()


def raw(port, text):
    """What comes back for these bytes, through TLS."""
    plain = socket.create_connection(("127.0.0.1", port), 10)
    with trust().wrap_socket(plain, server_hostname="localhost") as secure:
        secure.sendall(text)
        found = b""
        try:
            while block := secure.recv(65536):
                found += block
        except (socket.timeout, OSError):
            pass
        return found.decode(errors="replace")


def talks(proxy, server):
    """Over TLS and through the proxy, with the origin that public_url gives."""
    origin = f"https://localhost:{proxy.port}"
    visitor = Visitor(proxy.port, tls=trust(), origin=origin)
    assert visitor.say("halo")[0]["type"] == "ack"
    tab = Visitor(proxy.port, visitor.token, tls=trust(), origin=origin)
    assert tab.welcome["resume"]
    tab.read_events(tab.welcome["next"] - 1)
    for number in range(50):
        assert visitor.say(f"terima kasih {number}")[0]["type"] in ("ack", "nak")
    try:
        Socket(proxy.port, tls=trust(), origin="https://evil.example")
        raise AssertionError("a foreign page was let in")
    except Refused as error:
        assert error.status == 403, error
    assert request(proxy.port, "GET", "/healthz", tls=trust(), host="localhost")[0] == 200
    status, _, text = request(proxy.port, "GET", "/export", tls=trust(), host="localhost", token=visitor.token)
    assert status == 200 and "halo" in text
    return visitor


def tells_visitors_apart(proxy, server, believes):
    """What a visitor claims to be must not matter: the proxy's own entry is the last one, and the visitor's address is not the proxy's."""
    headers = ["X-Forwarded-For: 198.51.100.9"]
    answers = []
    for _ in range(8):  # 5 conversations may begin from one address
        visitor = Visitor(proxy.port, tls=trust(), headers=headers, source="127.0.0.2")
        headers = [f"X-Forwarded-For: 198.51.100.{len(answers) + 10}"]
        answers.append(visitor.say("halo")[0]["type"])
        visitor.close()
    assert answers[-1] == "nak" and answers.count("ack") <= 6, f"a claimed address was believed: {answers}"
    neighbour = Visitor(proxy.port, tls=trust(), source="127.0.0.3").say("halo")[0]["type"]
    assert neighbour == ("ack" if believes else "nak"), "visitors behind a trusted proxy have limits of their own"
    # straight to the server, as a trusted proxy: another visitor
    other = Visitor(server.port, headers=["X-Forwarded-For: 203.0.113.50"])
    assert other.say("halo")[0]["type"] == ("ack" if believes else "nak")


def is_not_fooled(proxy):
    """Requests that two servers could cut differently: none of them may bring a second answer from the server."""
    host = f"Host: localhost:{proxy.port}\r\n"
    smuggled = f"GET /metrics HTTP/1.1\r\n{host}\r\n"
    for head in (f"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}",
                 f"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{smuggled}",
                 f"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{smuggled}",
                 f"Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345{smuggled}",
                 f"Content-Length: -1\r\n\r\n{smuggled}",
                 f"Content-Length: +0\r\n\r\n{smuggled}"):
        answer = raw(proxy.port, (f"POST /healthz HTTP/1.1\r\n{host}Connection: close\r\n{head}").encode())
        assert "pandu_turns_total" not in answer, (head, answer)
    for upgrade in ("h2c", "websocket, h2c", "foo"):
        answer = raw(proxy.port, (f"GET /ws HTTP/1.1\r\n{host}Upgrade: {upgrade}\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                                  "HTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: close\r\n\r\n").encode())
        assert " 101 " not in answer.split("\r\n")[0], (upgrade, answer)


def lasts(proxy):
    """A silent chat stays open for longer than a client's patience in tests: the server's ping goes through the proxy."""
    visitor = Visitor(proxy.port, tls=trust())
    visitor.say("halo")
    seen = b""
    end = time.monotonic() + 40
    visitor.socket.settimeout(40)
    while b"\x89" not in seen[:1] and time.monotonic() < end:
        while visitor.take() is not None:
            pass
        if visitor.rest:
            seen = visitor.rest
            continue
        seen = visitor.socket.recv(4096)
    assert seen[:1] == b"\x89", f"no ping came through: {seen!r}"
    visitor.close()


def main():
    with folder() as place:
        for name in ("nginx", "caddy"):
            behind = free_port()
            with Proxy(name, place / name, behind) as proxy:
                url, listen = ["--public-url", f"https://localhost:{proxy.port}"], f"127.0.0.1:{behind}"
                limits = ["--conversation-burst", "5", "--conversations-per-minute", "1"]
                with Server(place / f"{name}.db", *url, "--trusted-proxies", "127.0.0.1", "--metrics", "all", listen=listen) as server:
                    assert server.port == behind
                    talks(proxy, server)
                    is_not_fooled(proxy)
                    lasts(proxy)
                    server.end_well()
                with Server(place / f"{name}-trusted.db", *url, *limits, "--trusted-proxies", "127.0.0.1", listen=listen) as server:
                    tells_visitors_apart(proxy, server, True)
                    server.end_well()
                with Server(place / f"{name}-untrusted.db", *url, *limits, listen=listen) as server:
                    tells_visitors_apart(proxy, server, False)
                    server.end_well()
            print(f"{name}: ok", flush=True)


if __name__ == "__main__":
    main()
