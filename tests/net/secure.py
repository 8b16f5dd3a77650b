#!/usr/bin/python3
"""The same server behind TLS: echo, long answers, only HTTP/1.1 agreed, old versions refused, stalled handshakes, and a new
certificate while chats run. The pairs in tls/ are test data and stand for nobody. Usage: secure.py ECHO"""
import shutil
import socket
import ssl
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

from raw import CLOSE, TEXT, Client, Raw, Server, close_payload, frame

FAILURES = []
PROGRAM = sys.argv[1] if len(sys.argv) > 1 else ""
PAIRS = Path(__file__).parent / "tls"


def check(condition, what):
    if not condition:
        FAILURES.append(what)
        print("FAILED:", what, flush=True)


def wrapper(alpn=None, most=None):
    warnings.simplefilter("ignore", DeprecationWarning)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if alpn:
        context.set_alpn_protocols(alpn)
    if most:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = most
        context.set_ciphers("ALL:@SECLEVEL=0")
    return lambda plain: context.wrap_socket(plain)


def certificate(port):
    client = Raw(port, wrap=wrapper())
    try:
        return client.socket.getpeercert(binary_form=True)
    finally:
        client.close()


def pem(name):
    return ssl.PEM_cert_to_DER_cert((PAIRS / f"{name}.pem").read_text())


def talk(port, folder_bytes):
    client = Client(port, wrap=wrapper())
    for size in (0, 1, 1000, 16384):
        client.text(b"x" * size)
        check(client.receive() == (TEXT, b"x" * size), f"echo of {size}")
    client.text("!flood 3000")
    check(all(client.receive()[0] == TEXT for _ in range(3000)), "3,000 messages in a row")
    client.send(frame(CLOSE, close_payload(1000)))
    check(client.receive() == (CLOSE, close_payload(1000)) and client.is_over(), "the closing handshake")
    client = Raw(port, wrap=wrapper())
    client.send(b"GET /x HTTP/1.1\r\nHost: h\r\n\r\nGET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n")
    check(client.answer()[2].endswith(b"secure=1"), "the handler knows that it is TLS")
    time.sleep(0.2)
    check(client.answer()[2] == folder_bytes, "3 MB arrive whole")
    client = Raw(port, wrap=wrapper())
    client.send(b"GET /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + b"z" * 100000)
    check(client.answer()[0] == 501, "a refused request is told why")


def pausing(port):
    client = Client(port, wrap=wrapper())
    client.text("!pause")
    for i in range(100):
        client.text(f"after the pause {i}" + "x" * 1000)
    check(all(client.receive()[1].startswith(b"after the pause %d" % i) for i in range(100)), "a pause ends, nothing is lost")
    client.close()


def versions(port):
    for offered, agreed in ((["h2", "http/1.1"], "http/1.1"), (["http/1.1"], "http/1.1"), (None, None)):
        client = Raw(port, wrap=wrapper(offered))
        check(client.socket.selected_alpn_protocol() == agreed, f"ALPN {offered}")
        client.send(b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
        check(client.answer()[0] == 200, f"HTTP/1.1 is spoken after ALPN {offered}")
    try:
        client = Raw(port, wrap=wrapper(["h2"]))
        check(client.socket.selected_alpn_protocol() is None, "h2 alone is not agreed to")
    except (ssl.SSLError, OSError):
        pass
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        try:
            Raw(port, wrap=wrapper(most=version))
            check(False, f"{version} is refused")
        except (ssl.SSLError, OSError):
            pass
    check(Raw(port, wrap=wrapper(most=ssl.TLSVersion.TLSv1_2)).socket.version() == "TLSv1.2", "TLS 1.2")


def broken(port):
    for data in (b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\0" * 100, b"\x80\x2e\x01", b""):
        client = Raw(port)
        client.send(data)
        if data:
            client.socket.settimeout(12)
            client.is_over()
        client.close()
    stalled = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    begin = time.monotonic()
    client = Client(port, wrap=wrapper())
    client.text("quick")
    check(client.receive() == (TEXT, b"quick") and time.monotonic() - begin < 2, "stalled handshakes delay nobody")
    for one in stalled:
        one.close()


def silent(chat, since):
    """The library gives a request 5 s after the handshake; a chat may be silent for longer."""
    time.sleep(max(0, since + 6 - time.monotonic()))
    for word in (b"after a silence", b"and still here"):
        chat.text(word.decode())
        check(chat.receive() == (TEXT, word), "a silent chat goes on")
    chat.close()


def reloading(port, folder):
    chat = Client(port, wrap=wrapper())

    def reload():
        chat.text("!reload")
        return chat.receive()[1].decode().split()[1]
    check(certificate(port) == pem("first"), "the first certificate")
    shutil.copy(PAIRS / "second.pem", folder / "pair.pem")
    check(reload() == "-2" and certificate(port) == pem("first"), "a pair that does not fit is refused, the old one stays")
    shutil.copy(PAIRS / "second.key", folder / "pair.key")
    check(reload() == "0" and certificate(port) == pem("second"), "the second certificate")
    (folder / "pair.pem").write_text("nonsense")
    check(reload() == "-2" and certificate(port) == pem("second"), "nonsense is refused")
    (folder / "pair.pem").unlink()
    check(reload() == "-4" and certificate(port) == pem("second"), "a missing file is refused")
    shutil.copy(PAIRS / "first.pem", folder / "pair.pem")
    shutil.copy(PAIRS / "first.key", folder / "pair.key")
    for _ in range(20):
        check(reload() == "0", "twenty times more")
    chat.text("the same chat")
    check(chat.receive() == (TEXT, b"the same chat"), "the chat went on over all of it")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "site").mkdir()
        large = bytes(range(256)) * 12288
        (folder / "site" / "large.bin").write_bytes(large)
        for end in ("pem", "key"):
            shutil.copy(PAIRS / f"first.{end}", folder / f"pair.{end}")
        server = Server(PROGRAM, "--certificate", folder / "pair.pem", "--key", folder / "pair.key", "--folder", folder / "site")
        quiet, since = Client(server.port, wrap=wrapper()), time.monotonic()
        crowd = [threading.Thread(target=talk, args=(server.port, large)) for _ in range(4)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        pausing(server.port)
        versions(server.port)
        broken(server.port)
        reloading(server.port, folder)
        silent(quiet, since)
        open_chat = Client(server.port, wrap=wrapper())
        server.process.terminate()
        check(open_chat.receive() == (CLOSE, close_payload(1012, b"restarting")), "1012 at the stop")
        server.stop()
    print(f"TLS: {len(FAILURES)} failures")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
