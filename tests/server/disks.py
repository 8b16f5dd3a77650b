#!/usr/bin/env python3
"""A disk that fails while people talk: full (a limit on the file size, and ENOSPC), fsync and write errors, read errors, a folder
that may not be written any more. Every message gets ack or nak storage with retry_ms, /healthz says 503 meanwhile, the server
recovers by itself, and nothing acknowledged is lost. disks.py PANDU [COMPILER]"""
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time

from place import FREELY, ROOT, Server, Visitor, folder, until

TALKERS = 6
MESSAGE_SECONDS = 20


class Talker(threading.Thread):
    """Sends each message until it is acknowledged, with the same id; nothing may stay without an answer."""

    def __init__(self, port, number):
        super().__init__()
        self.visitor, self.number = Visitor(port), number
        self.acked, self.refusals, self.is_over, self.problem = {}, [], False, None
        self.start()

    def run(self):
        try:
            while not self.is_over:
                text = f"halo {self.number} {self.visitor.count} " + "x" * 500
                name = self.visitor.msg(text, f"t{self.number}-{self.visitor.count}")
                while True:
                    found = self.visitor.answer(name, MESSAGE_SECONDS)
                    if found["type"] == "ack":
                        self.acked[name] = found["seq"]
                        break
                    assert found["code"] == "storage" and found["retry_ms"] > 0, found
                    self.refusals.append(found)
                    if self.is_over:
                        break
                    time.sleep(0.1)
                    self.visitor.send({"type": "msg", "id": name, "text": text})
                time.sleep(0.02)
        except Exception as error:
            self.problem = repr(error)

    def end(self):
        self.is_over = True
        self.join(60)
        assert self.problem is None, self.problem


def during(server, begin, end, must_refuse=True):
    """Talks before, during and after the fault; returns the talkers."""
    talkers = [Talker(server.port, number) for number in range(TALKERS)]
    time.sleep(0.7)
    assert server.healthz() == 200
    begin()
    if must_refuse:
        until(lambda: all(talker.refusals for talker in talkers), "nobody was refused", 30)
        until(lambda: server.healthz() == 503, "/healthz never said 503")
        assert server.metrics()["pandu_store_healthy"] == 0
        fresh = Visitor(server.port)  # a newcomer is let in, and told
        found = fresh.say("halo")[0]
        assert found["type"] == "nak" and found["code"] == "storage" and found["retry_ms"] > 0, found
        assert "not stored: " in server.log(), "the log does not say why"
        refused = sum(len(talker.refusals) for talker in talkers)
        time.sleep(0.5)
        assert sum(len(talker.refusals) for talker in talkers) > refused, "every message gets an answer"
    else:
        time.sleep(2)
    end()
    counts = [len(talker.acked) for talker in talkers]
    until(lambda: all(len(talker.acked) > count + 2 for talker, count in zip(talkers, counts)), "it did not recover by itself", 30)
    until(lambda: server.healthz() == 200, "/healthz did not recover")
    for talker in talkers:
        talker.end()
    return talkers


def check(database, talkers):
    """What is stored, from outside: all that was acknowledged, once, under the number it was told."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = reader.execute("SELECT conversation, id, first_seq, last_seq FROM turn ORDER BY conversation, first_seq").fetchall()
    stored = {}
    for conversation, name, first, last in rows:
        turns = stored.setdefault(conversation, [])
        assert first == (turns[-1][2] + 1 if turns else 1), "the sequence is whole"
        turns.append((name, first, last))
    found = {}
    for turns in stored.values():
        names = [name for name, _, _ in turns]
        assert len(names) == len(set(names)), "a message is stored twice"
        found.update({name: first for name, first, _ in turns if name.startswith("t")})
    for talker in talkers:
        lost = {name: seq for name, seq in talker.acked.items() if found.get(name) != seq}
        assert not lost, f"acknowledged and not stored: {lost}"


def resumes(server, talkers):
    for talker in talkers:
        visitor = Visitor(server.port, talker.visitor.token)
        stored = {event["id"]: event["seq"] for event in visitor.read_events(visitor.welcome["next"] - 1) if event["kind"] == "visitor"}
        assert all(stored.get(name) == seq for name, seq in talker.acked.items())


def finish(server, database, talkers):
    resumes(server, talkers)
    server.end_well()
    check(database, talkers)


def build_shim(place):
    shim, compiler = place / "failing_disk.so", sys.argv[2] if len(sys.argv) > 2 else "cc"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", shim, ROOT / "tests/server/failing_disk.c", "-ldl"], check=True)
    return shim


def fails_by_shim(place, shim, name, words, quiet=False):
    """The calls fail while the control file says so. quiet: nobody talks when the disk is good again."""
    home, control = place / f"{name}", place / f"{name}.control"
    home.mkdir()
    database = home / "pandu.db"
    libraries = [os.environ.get("PANDU_PRELOAD", ""), str(shim)]
    with Server(database, *FREELY, LD_PRELOAD=":".join(filter(None, libraries)), FAILING_DISK=str(control),
                FAILING_FOLDER=str(home), ASAN_OPTIONS="verify_asan_link_order=0") as server:
        def begin():
            (place / "new").write_text(words)
            os.replace(place / "new", control)
        talkers = during(server, begin, lambda: os.unlink(control))
        if quiet:  # a balancer that sends nobody to a sick server must see it become well
            begin()
            last = Visitor(server.port)
            assert last.say("halo")[0]["code"] == "storage"
            until(lambda: server.healthz() == 503, "/healthz never said 503")
            os.unlink(control)
            until(lambda: server.healthz() == 200, "/healthz stays 503 while nobody talks", 15)
        finish(server, database, talkers)
    refused = sum(len(talker.refusals) for talker in talkers)
    print(f"{name}: {sum(len(talker.acked) for talker in talkers)} acknowledged, {refused} refused", flush=True)


def fills(place):
    """No file may grow beyond the log's size of now: it is refused whenever the log is full, and goes on when that was emptied."""
    import resource
    database = place / "limit.db"
    with Server(database, *FREELY) as server:
        pid = server.process.pid
        def begin():
            size = os.path.getsize(f"{database}-wal")
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        def end():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        talkers = during(server, begin, end, must_refuse=False)
        assert any(talker.refusals for talker in talkers), "the limit was never reached"
        finish(server, database, talkers)
    print("file size limit: ok", flush=True)


def tmpfs(place):
    """A real full disk, where root may mount one."""
    home = place / "full"
    home.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", home], stderr=subprocess.DEVNULL).returncode:
        print("full disk: not tried, mounting is not allowed here", flush=True)
        return
    try:
        with Server(home / "pandu.db", *FREELY) as server:
            filler = home / "filler"
            def begin():
                try:
                    with open(filler, "wb", buffering=0) as file:
                        while file.write(b"x" * 4096) == 4096:
                            pass
                except OSError:
                    pass  # full: what it is for
            talkers = during(server, begin, lambda: os.unlink(filler))
            finish(server, home / "pandu.db", talkers)
    finally:
        subprocess.run(["umount", "-l", home], check=True)
    print("full disk: ok", flush=True)


def read_only(place):
    """The folder and its files may not be written any more. Root must lose the right to do it all the same."""
    home = place / "locked"
    home.mkdir()
    database = home / "pandu.db"
    rights = "-dac_override,-dac_read_search,-fowner"
    before = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"] if os.geteuid() == 0 else []
    with Server(database, *FREELY, before=before) as server:
        talkers = [Talker(server.port, number) for number in range(TALKERS)]
        time.sleep(0.5)
        files = [home, *home.iterdir()]
        modes = [(file, stat.S_IMODE(file.stat().st_mode)) for file in files]
        for file, mode in modes:
            os.chmod(file, mode & ~0o222)
        time.sleep(1)  # descriptors that are open may still be written: ack or nak, the talkers check that
        for file, mode in modes:
            os.chmod(file, mode)
        counts = [len(talker.acked) for talker in talkers]
        until(lambda: all(len(talker.acked) > count + 2 for talker, count in zip(talkers, counts)), "it did not go on", 30)
        for talker in talkers:
            talker.end()
        until(lambda: server.healthz() == 200, "/healthz did not recover")
        finish(server, database, talkers)
    print("read-only folder: ok", flush=True)


def read_only_after_error(place, shim):
    """An I/O error makes the server open its file anew; if the folder is read-only by then, it says so until it is not."""
    home, control = place / "anew", place / "anew.control"
    home.mkdir()
    database = home / "pandu.db"
    rights = "-dac_override,-dac_read_search,-fowner"
    before = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"] if os.geteuid() == 0 else []
    with Server(database, *FREELY, before=before, LD_PRELOAD=str(shim), FAILING_DISK=str(control), FAILING_FOLDER=str(home),
                ASAN_OPTIONS="verify_asan_link_order=0") as server:
        modes = []
        def begin():
            (place / "new").write_text("fdatasync EIO")
            os.replace(place / "new", control)
            time.sleep(0.5)
            modes.append((home, stat.S_IMODE(home.stat().st_mode)))
            os.chmod(home, 0o500)  # from here on nothing appears or goes
            modes.extend((file, stat.S_IMODE(file.stat().st_mode)) for file in home.iterdir())
            for file, mode in modes[1:]:
                os.chmod(file, mode & ~0o222)
            time.sleep(1)  # until what was open before is closed
            os.unlink(control)
        def end():
            for file, mode in modes:
                os.chmod(file, mode)
        finish(server, database, during(server, begin, end))
    print("read-only folder after an error: ok", flush=True)


def main():
    with folder() as place:
        shim = build_shim(place)
        fails_by_shim(place, shim, "fsync", "fdatasync EIO fsync EIO", quiet=True)
        fails_by_shim(place, shim, "write-error", "pwrite EIO")
        fails_by_shim(place, shim, "no-space", "pwrite ENOSPC", quiet=True)
        fills(place)
        tmpfs(place)
        read_only(place)
        read_only_after_error(place, shim)


if __name__ == "__main__":
    main()
