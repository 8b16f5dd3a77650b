#!/usr/bin/env python3
"""The routes beside the chat, and what must never be seen in the log or the figures. routes.py PANDU"""
import json
import re
import sqlite3

from place import FREELY, Refused, Server, Socket, Visitor, folder

CANARY = "kenarikuning77"
HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


def parse(text):
    """Prometheus' text form 0.0.4, strictly: every sample belongs to a declared family. Returns {name: [(labels, value)]}."""
    families, samples, helps = {}, {}, set()
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            assert name not in helps, f"{name} is explained twice"
            helps.add(name)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert kind in ("counter", "gauge", "histogram") and name not in families, line
            families[name] = kind
        else:
            found = re.fullmatch(r"([a-z_]+)(?:\{([^}]*)\})? ([0-9.e+-]+)", line)
            assert found, f"no sample: {line}"
            name, labels, value = found.groups()
            family = re.sub(r"_(bucket|sum|count)$", "", name) if name not in families else name
            assert family in families and family in helps, line
            if families[family] == "counter":
                assert name.endswith("_total"), name
            pairs = dict(re.findall(r'([a-z_]+)="([^"\\]*)"(?:,|$)', labels or ""))
            key = (name, tuple(sorted(pairs.items())))
            assert key not in samples, f"twice: {line}"
            samples[key] = float(value)
    return samples


def health(server):
    status, headers, text = server.request("GET", "/healthz")
    assert status == 200 and json.loads(text) == {"status": "ok"}
    for name, value in HEADERS.items():
        assert headers.get(name) == value, (name, headers)
    assert "content-security-policy" in headers and "unsafe" not in headers["content-security-policy"]
    assert server.request("HEAD", "/healthz")[0] == 200
    status, headers, _ = server.request("POST", "/healthz", body="x")
    assert status == 405 and "GET" in headers["allow"]
    for path in ("/nothing", "/../etc/passwd", "/healthz/", "/%2e%2e/etc/passwd", "/export%00", "/metrics%0a"):
        status, _, text = server.request("GET", path)
        assert status in (400, 404) and "root:" not in text, (path, status)
    assert server.request("POST", "/conversation", body="x" * 70000)[0] in (405, 413)


def figures(server):
    before = parse(server.request("GET", "/metrics")[2])
    names = sorted({name for name, _ in before})
    for number in range(30):
        visitor = Visitor(server.port)
        visitor.say(f"halo {number}")
        visitor.close()
    status, headers, text = server.request("GET", "/metrics")
    after = parse(text)
    assert headers["content-type"].startswith("text/plain; version=0.0.4")
    assert {key for key in after} == {key for key in before}, "labels do not grow with visitors"
    assert len(after) < 100, len(after)
    ok = ("pandu_turns_total", (("result", "ok"),))
    assert after[ok] == before[ok] + 30
    assert after[("pandu_hellos_fresh_total", ())] == before[("pandu_hellos_fresh_total", ())] + 30
    buckets = [(float(dict(labels)["le"]), value) for (name, labels), value in after.items() if name == "pandu_turn_seconds_bucket"]
    values = [value for _, value in sorted(buckets)]
    assert values == sorted(values) and values[-1] == after[("pandu_turn_seconds_count", ())] == after[ok], values
    assert "pandu_connections_open" in names


def own_data(server):
    mine, other = Visitor(server.port), Visitor(server.port)
    mine.say(f"namaku {CANARY}")
    other.say("halo")
    for token in (None, "", "A" * 22, "x y", CANARY):
        status, headers, text = server.request("GET", "/export", token=token)
        assert status in (401, 404) and CANARY not in text, (token, status)
        if status == 401:
            assert headers["www-authenticate"] == "Bearer"
        assert server.request("DELETE", "/conversation", token=token)[0] in (401, 404)
    assert server.request("GET", f"/export?token={mine.token}")[0] == 401, "a token in an address would be logged by proxies"
    status, headers, text = server.request("GET", "/export", token=mine.token)
    assert status == 200 and CANARY in text and headers["content-type"].startswith("application/json")
    assert "attachment" in headers["content-disposition"] and "no-store" in headers.get("cache-control", ""), headers
    assert json.loads(text)["turns"]
    assert CANARY not in server.request("GET", "/export", token=other.token)[2]
    # pages of other origins
    status, headers, _ = server.request("GET", "/export", {"Origin": "https://evil.example"}, mine.token)
    assert "access-control-allow-origin" not in headers
    status, headers, _ = server.request("OPTIONS", "/conversation", {"Origin": "https://good.example", "Access-Control-Request-Method": "DELETE"})
    assert status == 204 and headers["access-control-allow-origin"] == "https://good.example"
    assert "DELETE" in headers["access-control-allow-methods"]
    assert server.request("GET", "/conversation", token=mine.token)[0] == 405
    tab = Visitor(server.port, mine.token)
    tab.read_events(tab.welcome["next"] - 1)
    assert server.request("DELETE", "/conversation", token=mine.token)[0] == 204
    assert tab.next()["what"] == "erased", "open tabs are told"
    status, _, text = server.request("GET", "/export", token=mine.token)
    assert CANARY not in text
    assert Visitor(server.port, other.token).welcome["resume"], "nobody else's is touched"
    found = tab.say("halo lagi")[0]
    assert found["type"] == "ack", "one may begin anew"


def origins(server):
    assert Socket(server.port, origin="https://good.example")
    assert Socket(server.port), "who is no browser sends none"
    for origin in ("https://evil.example", "http://good.example", "https://good.example.evil.example", "https://good.example:444", "null", "",
                   "https://sub.good.example", "good.example", "https://good.example/path"):
        try:
            Socket(server.port, origin=origin)
            raise AssertionError(f"{origin!r} was let in")
        except Refused as error:
            assert error.status == 403, (origin, error)
    try:
        Socket(server.port, headers=["Origin: https://good.example", "Origin: https://good.example"])
        raise AssertionError("two origins were let in")
    except Refused as error:
        assert error.status in (400, 403)


def canary(server, database):
    """A word that occurs in texts, name and token must be in the database, and nowhere an operator looks by the way."""
    with_secret = Visitor(server.port, hello={"client": CANARY + "-client", "identity": None, "language": "id"})
    for text in (f"namaku {CANARY}", f"aku mau bunuh diri {CANARY}", f"zzqq {CANARY} wwvv", "apa itu karier sosial?"):
        assert with_secret.say(text)[0]["type"] == "ack"
    with_secret.send(f'{{"type":"msg","id":"{CANARY}","text":5}}'.encode())
    with_secret.send(f"{CANARY}".encode())
    Socket(server.port).send({"type": "hello", "v": 1, "client": "c", "identity": f"{CANARY}.{CANARY}.{CANARY}"})
    server.request("GET", f"/{CANARY}?{CANARY}", {"User-Agent": CANARY, "Referer": CANARY, "X-Forwarded-For": "198.51.100.77"}, CANARY)
    try:
        Socket(server.port, origin=f"https://{CANARY}.example", headers=[f"Cookie: {CANARY}"])
    except Refused:
        pass
    figures_text = server.request("GET", "/metrics")[2]
    token = with_secret.token
    server.end_well()
    log = server.log()
    for what, text in (("the log", log), ("the figures", figures_text)):
        for secret in (CANARY, token, "bunuh", "198.51.100.77"):
            assert secret not in text, f"{secret} is in {what}: {text[:3000]}"
    with sqlite3.connect(database) as reader:
        dump = "\n".join(map(str, reader.execute("SELECT inbound FROM turn")))
        assert CANARY in dump, "the test itself would not see it"
        everything = "\n".join(reader.iterdump())
        assert token not in everything, "the token itself is stored"
    for line in log.splitlines():
        entry = json.loads(line)
        assert isinstance(entry, dict) and entry, line


def main():
    with folder() as place:
        database = place / "pandu.db"
        with Server(database, *FREELY, "--origins", "https://good.example", "--log-format", "json") as server:
            for part in (health, figures, own_data, origins):
                part(server)
                print(part.__name__.replace("_", " "), "ok", flush=True)
            canary(server, database)
            print("canary ok")


if __name__ == "__main__":
    main()
