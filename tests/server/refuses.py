#!/usr/bin/env python3
"""What keeps the server from starting: each refusal names its reason, has the promised exit status, and changes nothing.
refuses.py PANDU"""
import os
import shutil
import sqlite3
import stat
import socket

from place import ROOT, Server, Visitor, folder, run


def refused(status, words, *flags, listen="127.0.0.1:0", **more):
    """Every word must be in what it says, and it must not have listened."""
    found, out, err = run("serve", "--listen", listen, *flags, **more)
    assert found == status, f"{flags}: status {found}, not {status}: {err}"
    for word in words:
        assert word in err, f"{flags}: {word!r} is not in: {err}"
    assert "listens" not in out, out
    assert "Sanitizer" not in err, err
    return err


def broken_content(place):
    content = place / "content"
    content.mkdir()
    for name in ("intents", "responses"):
        shutil.copytree(ROOT / name, content / name)
    (content / "responses/extra.json").write_text('{"replies": [{"id": 5}, oops')
    topic = content / "responses/conversation.json"
    topic.write_text(topic.read_text().replace('"replies"', '"repliez"', 1))
    database = place / "content.db"
    err = refused(1, ["responses/extra.json:1:", "responses/conversation.json:", "Remedy:"], "--db", database, "--content", content)
    assert err.count("Remedy:") >= 2, f"all mistakes at once: {err}"
    assert not database.exists(), "a refused start made a database"
    refused(1, ["no-such-folder"], "--db", database, "--content", place / "no-such-folder")
    site = place / "site"
    (site / "responses").mkdir(parents=True)
    (site / "responses/site.json").write_text("{")
    refused(1, ["responses/site.json:1:"], "--db", database, "--site", site)


def port_in_use(place):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(1, [f"127.0.0.1:{port}", "in use"], "--db", place / "port.db", listen=f"127.0.0.1:{port}")
    refused(1, ["203.0.113.9"], "--db", place / "port.db", listen="203.0.113.9:0")


def databases(place):
    good = place / "good.db"
    with Server(good) as server:
        Visitor(server.port).say("halo")
        refused(1, ["another pandu", str(server.process.pid)], "--db", good)
        assert Visitor(server.port).say("halo")[0]["type"] == "ack", "the first server goes on"
        server.end_well()
    assert not (place / "good.db.server").exists()
    newer, corrupt, foreign, text = (place / f"{name}.db" for name in ("newer", "corrupt", "foreign", "text"))
    shutil.copy(good, newer)
    with sqlite3.connect(newer) as database:
        database.execute("PRAGMA user_version = 999")
    size = good.stat().st_size
    corrupt.write_bytes(good.read_bytes()[:4096] + os.urandom(size - 4096))
    with sqlite3.connect(foreign) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    text.write_text("this is no database at all, only some words " * 200)
    for path, words in ((newer, ["newer Pandu", "999"]), (corrupt, ["damaged"]), (foreign, ["another program"]), (text, ["no database"])):
        before = path.read_bytes()
        refused(1, [str(path), *words], "--db", path)
        assert path.read_bytes() == before, f"{path} was changed"
    refused(1, ["is not a file"], "--db", place)


def folders(place):
    """Root may write everywhere, so an ordinary user is needed for the first."""
    locked = place / "locked"
    locked.mkdir(mode=0o500)
    if os.geteuid() != 0:
        refused(1, ["ermission denied"], "--db", locked / "pandu.db")
        refused(1, ["ermission denied"], "--db", locked / "deeper/pandu.db")
    refused(1, ["/proc/nothing"], "--db", "/proc/nothing/pandu.db")
    (place / "file").write_text("")
    refused(1, [str(place / "file")], "--db", place / "file/pandu.db")
    made = place / "new/data/pandu.db"
    with Server(made) as server:
        assert stat.S_IMODE(made.stat().st_mode) == 0o600 and stat.S_IMODE((place / "new/data").stat().st_mode) == 0o700
        server.end_well()


def settings(place):
    """All mistakes of file, variables and flags in one go."""
    config = place / "pandu.json"
    config.write_text('{"idle_after": "soon", "metricks": "all", "connections_max": 0, "origins": ["www.example.org"]}')
    refused(2, ["idle_after", "metricks", "connections_max", "www.example.org", "--retention", "PANDU_METRICS", "tls_key"],
            "--db", place / "settings.db", "--config", config, "--retention", "1s", "--tls-certificate", "only.pem",
            PANDU_METRICS="everybody")
    assert not (place / "settings.db").exists()
    refused(2, ["--no-such-flag"], "--db", place / "settings.db", "--no-such-flag", "1")
    config.write_text("{")
    refused(2, ["pandu.json"], "--db", place / "settings.db", "--config", config)
    refused(2, ["missing.json"], "--db", place / "settings.db", "--config", place / "missing.json")
    config.write_text('{"identity_secret": "0123456789abcdef0123456789abcdef"}')
    config.chmod(0o644)
    refused(2, ["pandu.json"], "--db", place / "settings.db", "--config", config)
    refused(1, ["missing.pem"], "--db", place / "settings.db", "--tls-certificate", place / "missing.pem", "--tls-key", place / "missing.key")
    (place / "bad.pem").write_text("no certificate")
    refused(1, ["bad.pem"], "--db", place / "settings.db", "--tls-certificate", place / "bad.pem", "--tls-key", place / "bad.pem")
    err = refused(2, ["listen"], "--db", place / "settings.db", listen="")
    assert "identity" not in err
    for address in ("127.0.0.1", "127.0.0.1:99999", "nowhere at all:1"):
        assert run("serve", "--listen", address, "--db", place / "settings.db")[0] in (1, 2), address
    _, out, _ = run("config", PANDU_IDENTITY_SECRET="s3cret-that-nobody-may-see-0123456789")
    assert "s3cret" not in out and "(set)" in out, "secrets are never shown"


def main():
    with folder() as place:
        for part in (broken_content, port_in_use, databases, folders, settings):
            part(place)
            print(part.__name__.replace("_", " "), "ok", flush=True)


if __name__ == "__main__":
    main()
