#!/usr/bin/python3
"""HTTP beside the WebSocket: exchanges, bodies, pipelines, files with ETag and strict headers, who is behind a proxy.
Usage: http.py ECHO"""
import os
import socket
import sys
import tempfile
import time
from pathlib import Path

from raw import Client, Raw, Server, handshake

FAILURES = []
PROGRAM = sys.argv[1] if len(sys.argv) > 1 else ""
LARGE = os.urandom(3 << 20)
FILES = {"index.html": b"<!doctype html><title>Pandu</title>", "app.js": b"let a = 1;", "style.css": b"body{}",
         "icon.svg": b"<svg/>", "icon.png": b"\x89PNG", "favicon.ico": b"\0\0", "font.woff2": b"wOF2", "data.json": b"{}",
         "app.webmanifest": b"{}", "sub/index.html": b"sub", "sub/deep/a b.txt": b"blank", "empty.txt": b"",
         "large.bin": LARGE, ".secret": b"hidden", ".git/config": b"hidden"}
TYPES = {"app.js": "text/javascript; charset=utf-8", "style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml",
         "icon.png": "image/png", "favicon.ico": "image/x-icon", "font.woff2": "font/woff2", "data.json": "application/json",
         "app.webmanifest": "application/manifest+json", "index.html": "text/html; charset=utf-8",
         "large.bin": "application/octet-stream", "empty.txt": "text/plain; charset=utf-8"}


def check(condition, what):
    if not condition:
        FAILURES.append(what)
        print("FAILED:", what, flush=True)


def ask(port, method, path, extra=(), body=b"", client=None):
    client = client or Raw(port)
    length = [f"Content-Length: {len(body)}"] if body else []
    client.send("\r\n".join([f"{method} {path} HTTP/1.1", "Host: pandu.example", *extra, *length, "", ""]).encode() + body)
    return client.answer(method)


def exchanges(port):
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        status, headers, body = ask(port, method, "/a%20b?q=%41", ["User-Agent: test"])
        check(status == 200 and body == f"{method} /a b ?q=%41 [] 0 agent=test from=127.0.0.1 secure=0".encode(),
              f"{method}: {status} {body}")
        check(headers.get("x-test") == "yes" and "x-split" not in headers and "x-bad" not in headers,
              "own headers are sent, split ones are not")
    status, headers, body = ask(port, "HEAD", "/x")
    check(status == 200 and int(headers["content-length"]) > 0 and body == b"", "HEAD has a length and no body")
    client = Raw(port)
    check(ask(port, "HEAD", "/x", client=client)[0] == 200 and ask(port, "GET", "/y", client=client)[2].startswith(b"GET /y"),
          "the connection goes on after HEAD")
    check(ask(port, "POST", "/p", body=b"z" * 65536)[2].split(b" ")[-4] == b"65536", "a body of 64 KB")
    check(ask(port, "POST", "/p", body=b"z" * 65537)[0] == 413, "a body of one byte more")
    check(ask(port, "POST", "/p", body=b"a\0b")[2].find(b"[a] 3 ") > 0, "a NUL in the body")
    check(ask(port, "GET", "/large")[2].endswith(b" large") and len(ask(port, "GET", "/large")[2]) >= 300000, "a long answer")
    check(ask(port, "BREW", "/x")[0] == 501, "an unknown method")
    check(ask(port, "GET", "/later")[2] == b"later", "an answer later")
    begin = time.monotonic()
    check(ask(port, "GET", "/x", ["Connection: close"])[1].get("connection") == "close" and time.monotonic() - begin < 1,
          "Connection: close")
    check("server" not in ask(port, "GET", "/x")[1], "no Server header")
    check(ask(port, "GET", "/ws")[1].get("upgrade") == "websocket", "the WebSocket's address without Upgrade: 426")


def pipelines(port):
    client = Raw(port)
    client.send(b"".join(b"POST /later HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n%d" % (i % 10) if i == 3 else
                         b"GET /%d HTTP/1.1\r\nHost: h\r\n\r\n" % i for i in range(40)))
    got = [client.answer()[2] for _ in range(40)]
    check(all(got[i].startswith(b"later" if i == 3 else b"GET /%d " % i) for i in range(40)), f"a pipeline keeps its order: {got}")
    client = Raw(port)
    for byte in b"POST /slowly HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello":
        client.send(bytes([byte]))
    check(client.answer()[2].startswith(b"POST /slowly ? [hello] 5"), "a request byte by byte")
    client = Raw(port)
    client.send(b"POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    check(client.head()[0] == 100, "100 Continue")
    client.send(b"ok" + handshake())
    check(client.answer()[2].find(b"[ok]") > 0 and client.head()[0] == 101, "an upgrade behind a request")
    client = Raw(port)
    client.send(b"GET /x HTTP/1.0\r\n\r\n")
    check(client.answer()[0] == 200 and client.is_over(), "HTTP/1.0 is closed after its answer")
    client = Raw(port)
    client.socket.settimeout(10)
    client.send(b"GET /later HTTP/1.1\r\nHost: h\r\n\r\n" + b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n" * 20000)
    check(client.answer()[2] == b"later", "a pipeline longer than what is held waits in the kernel")
    count = sum(client.answer()[0] == 200 for _ in range(20000))
    check(count == 20000, f"and is answered to the end: {count}")


STRICT = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


def strict_headers(port):
    for path, extra, status in (("/x", [], 200), ("/", [], 200), ("/widget/", [], 200), ("/ws", [], 426), ("/%00", [], 400),
                                ("/app.js", ["If-None-Match: *"], 304), ("/x", ["Transfer-Encoding: chunked"], 501)):
        got, headers, _ = ask(port, "GET", path, extra)
        policy = headers.get("content-security-policy", "")
        check(got == status and all(headers.get(name) == value for name, value in STRICT.items()), f"{path}: {got} {headers}")
        check("default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors" in policy, f"{path}: {policy}")
        check("date" in headers and "cache-control" in headers, f"{path}: date and caching are told")


def files(port):
    for name, kind in TYPES.items():
        status, headers, body = ask(port, "GET", "/" + name)
        check((status, headers.get("content-type"), body) == (200, kind, FILES[name]), f"{name}: {status} {headers}")
        etag = headers["etag"]
        again = ask(port, "GET", "/" + name, [f"If-None-Match: {etag}"])
        check(again[0] == 304 and again[2] == b"" and "content-length" not in again[1], f"{name}: 304 {again}")
        check(ask(port, "GET", "/" + name, ['If-None-Match: "other"'])[0] == 200, f"{name}: another ETag")
        check(ask(port, "HEAD", "/" + name)[1]["content-length"] == str(len(FILES[name])), f"{name}: HEAD")
    check(ask(port, "GET", "/")[2] == FILES["index.html"] and ask(port, "GET", "/sub/")[2] == b"sub", "index.html")
    check(ask(port, "GET", "/sub/deep/a%20b.txt")[2] == b"blank", "a blank in a name")
    check(ask(port, "POST", "/app.js")[0] == 405 and ask(port, "POST", "/app.js")[1]["allow"] == "GET, HEAD", "405 for a file")
    check(ask(port, "OPTIONS", "/app.js")[0] == 405, "OPTIONS where others may not embed")
    status, headers, _ = ask(port, "OPTIONS", "/widget/app.js", ["Origin: https://other.example"])
    check(status == 204 and headers["access-control-allow-origin"] == "*" and "content-length" not in headers, "CORS preflight")
    headers = ask(port, "GET", "/widget/app.js")[1]
    check(headers["access-control-allow-origin"] == "*" and headers["cross-origin-resource-policy"] == "cross-origin" and
          "frame-ancestors 'self' https://host.example" in headers["content-security-policy"], f"embedding: {headers}")
    headers = ask(port, "GET", "/app.js")[1]
    check("access-control-allow-origin" not in headers and headers["cross-origin-resource-policy"] == "same-origin" and
          "connect-src 'self' ws://pandu.example wss://pandu.example" in headers["content-security-policy"], f"page: {headers}")
    for path in ("/../app.js", "/sub/../app.js", "/%2e%2e/etc/passwd", "/..%2fetc/passwd", "/..%5cetc", "/sub/./index.html",
                 "/\\etc", "/%", "/%0d%0aX:y", "/%00", "//..//app.js"):
        check(ask(port, "GET", path)[0] == 400, f"{path} is refused")
    for path in ("/.secret", "/.git/config", "/sub", "/APP.JS", "/app.js/", "//app.js", "/%252e%252e/app.js", "/widget/large.bin"):
        check(ask(port, "GET", path)[2].startswith(b"GET "), f"{path} is no file and goes to the handler")


def slow_download(port, server):
    before = server.memory_kb()
    clients = [Raw(port) for _ in range(20)]
    for client in clients:
        client.send(b"GET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n" * 5)
    time.sleep(0.3)
    check(server.memory_kb() - before < 8000, f"20 slow downloads of 3 MB cost {server.memory_kb() - before} KB")
    for client in clients:
        check(all(client.answer()[2] == LARGE for _ in range(5)), "and arrive whole")


def replacing(port, folder):
    """Files change only when they are read anew, then all at once or not at all; what is on its way stays what it was."""
    chat, slow = Client(port), Raw(port)
    slow.send(b"GET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n")
    time.sleep(0.2)
    old = ask(port, "GET", "/app.js")[1]["etag"]
    Path(folder, "app.js").write_bytes(b"let a = 2;")
    Path(folder, "large.bin").unlink()
    check(ask(port, "GET", "/app.js")[2] == FILES["app.js"], "a changed file is not served by itself")

    def renew():
        chat.text("!files")
        return chat.receive()[1]
    check(renew() == b"files 0 0", "reading anew")
    got = ask(port, "GET", "/app.js", [f"If-None-Match: {old}"])
    check(got[0] == 200 and got[2] == b"let a = 2;" and got[1]["etag"] != old, f"the new file: {got}")
    check(ask(port, "GET", "/large.bin")[2].startswith(b"GET "), "a file that went away")
    check(slow.answer()[2] == LARGE, "a download that was under way")
    Path(folder, "huge.bin").write_bytes(b"x" * ((4 << 20) + 1))
    Path(folder, "app.js").write_bytes(b"let a = 3;")
    check(renew() == b"files -3 0", "a file of more than 4 MB is refused")
    check(ask(port, "GET", "/app.js")[2] == b"let a = 2;", "and all files stay what they were")
    Path(folder, "huge.bin").unlink()
    for i in range(260):
        Path(folder, f"many{i}").write_bytes(b"")
    check(renew() != b"files 0 0" and ask(port, "GET", "/many1")[2].startswith(b"GET "), "more than 256 files are refused")
    chat.text("!origin https://new.example")
    check(chat.receive()[1] == b"origins 0 0", "other origins")
    for origin, status in (("https://new.example", 101), ("https://host.example", 403)):
        client = Raw(port)
        client.send(handshake(extra=[f"Origin: {origin}"]))
        check(client.head()[0] == status, f"{origin} after the change")
    chat.text("!origin nonsense")
    check(chat.receive()[1] == b"origins -1 0", "nonsense is refused")


def half_closed(port):
    client = Raw(port)
    client.send(b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
    client.socket.shutdown(socket.SHUT_WR)
    check(client.answer()[0] == 200, "who shuts his side after the request still gets the answer")


def ipv6():
    try:
        socket.socket(socket.AF_INET6).bind(("::1", 0))
    except OSError:
        return  # this machine has none
    server = Server(PROGRAM, "--listen", "[::1]:0")
    plain = socket.create_connection(("::1", server.port), 5)
    plain.sendall(b"GET /x HTTP/1.1\r\nHost: [::1]\r\n\r\n")
    check(b"from=::1 " in plain.recv(65536), "IPv6")
    plain.close()
    server.stop()


def proxies():
    server = Server(PROGRAM, "--proxy", "127.0.0.1")
    for extra, wanted in ((["X-Forwarded-For: 203.0.113.7"], b"from=203.0.113.7 secure=0"),
                          (["X-Forwarded-For: 1.1.1.1, 203.0.113.7"], b"from=203.0.113.7 secure=0"),
                          (["X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 203.0.113.7"], b"from=203.0.113.7 secure=0"),
                          (["X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https"], b"from=203.0.113.7 secure=1"),
                          (["X-Forwarded-Proto: https, http"], b"from=127.0.0.1 secure=0"),
                          (["X-Forwarded-For: [2001:db8::9]"], b"from=2001:db8::9 secure=0"), ([], b"from=127.0.0.1 secure=0")):
        check(ask(server.port, "GET", "/x", extra)[2].endswith(wanted), f"behind a proxy, {extra}")
    server.stop()
    server = Server(PROGRAM)
    check(ask(server.port, "GET", "/x", ["X-Forwarded-For: 9.9.9.9", "X-Forwarded-Proto: https"])[2].endswith(b"from=127.0.0.1 secure=0"),
          "without a trusted proxy the header is not believed")
    server.stop()


def broken_setups(folder):
    import subprocess
    for options, words in ((["--listen", "nowhere"], b"127.0.0.1:8080"), (["--folder", folder + "/none"], b"none"),
                           (["--origin", "example.org"], b"https://example.org"), (["--proxy", "proxy"], b"10.0.0.0/8"),
                           (["--ping", "10", "--timeout", "5"], b"longer")):
        ended = subprocess.run([PROGRAM, *options], capture_output=True, timeout=10)
        check(ended.returncode == 1 and words in ended.stderr, f"{options}: {ended}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, content in FILES.items():
            path = Path(folder, "site", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        Path(folder, "widget").mkdir()
        for name in ("index.html", "app.js"):
            Path(folder, "widget", name).write_bytes(FILES[name])
        server = Server(PROGRAM, "--folder", folder + "/site", "--shared", folder + "/widget", "--origin", "https://host.example")
        exchanges(server.port)
        pipelines(server.port)
        strict_headers(server.port)
        files(server.port)
        slow_download(server.port, server)
        half_closed(server.port)
        replacing(server.port, folder + "/site")
        Client(server.port).text("bye")
        server.stop()
        proxies()
        ipv6()
        broken_setups(folder)
    print(f"HTTP: {len(FAILURES)} failures")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
