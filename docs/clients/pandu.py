#!/usr/bin/python3
"""A complete client of pandu.v1 (../protocol.yaml) for the terminal: pandu.py [ws://ADDRESS/ws] [STATE-FILE]
Needs Debian's python3-websockets. A line is a message, a number presses a button."""
import asyncio, json, os, random, secrets, sys, websockets

URL, FILE = (sys.argv[1:] + ["ws://127.0.0.1:8080/ws", "pandu-chat.json"][len(sys.argv) - 1:])[:2]
state = {"client": secrets.token_hex(8), "count": 0, "last": 0, "outbox": []}
if os.path.exists(FILE): state = json.load(open(FILE))
LATER = ("rate", "busy", "storage")  # a nak that asks to try again with the same id
here = {"socket": None, "choices": [], "greeted": []}  # not kept; socket: since its welcome
def save():  # before a message is sent: its id must survive a crash of ours, too
    with open(os.open(FILE + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out: json.dump(state, out)
    os.replace(FILE + ".new", FILE)
def show(said):
    here["choices"] = said["choices"] or here["choices"]
    print("\n".join([said["text"]] + [f"  {i}. {c['label']}" for i, c in enumerate(said["choices"], 1)]), flush=True)
async def send_next(wait=0):  # one at a time until its ack; after a loss with its old id
    await asyncio.sleep(wait)
    if here["socket"] and here["socket"].open and state["outbox"]: await here["socket"].send(json.dumps(state["outbox"][0]))
async def take(socket, m):
    kind, code = m["type"], m.get("code")
    if kind == "welcome":
        if not m["resume"]: state["last"] = 0; here["greeted"] = [show(said) or said["text"] for said in m["greeting"]]
        state["conv"], here["socket"] = m.get("conv", state.get("conv")), socket
    elif kind == "event":
        if m["seq"] <= state["last"]: return  # shown before
        if m["kind"] == "bot" and ("re" in m or m["text"] not in here["greeted"]): show(m)  # the greeting, now stored, comes again
        if m["kind"] == "visitor": print(">", m.get("text") or m.get("choice"), flush=True)
        state["last"] = m["seq"]
    elif code in LATER and not here["socket"]: await socket.close(4000)  # the hello was refused
    elif code in LATER: asyncio.create_task(send_next(m.get("retry_ms", 1000) / 1000))
    elif code in ("version", "denied", "gone"): sys.exit(f"refused: {code}")  # gone: erased; begin anew with another file
    elif kind in ("ack", "nak"):
        if code: print("refused:", code, m.get("why", ""), file=sys.stderr)
        if state["outbox"] and state["outbox"][0]["id"] == m.get("id"): state["outbox"].pop(0)
    save()
    if kind in ("welcome", "ack", "nak") and code not in LATER: await send_next()
async def read_lines(lines):
    async for line in lines:
        text, state["count"] = line.decode().rstrip("\n"), state["count"] + 1
        buttons = {str(i): {"choice": choice["payload"]} for i, choice in enumerate(here["choices"], 1)}
        state["outbox"].append({"type": "msg", "id": f"{state['client']}-{state['count']}", **buttons.get(text, {"text": text})}); save()
        if len(state["outbox"]) == 1: await send_next()
    while state["outbox"] or not here["socket"]: await asyncio.sleep(1)
    await asyncio.sleep(1); await here["socket"].close()  # a second for what the bot says after the ack

async def main():
    failures, lines = 0, asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    reading = asyncio.create_task(read_lines(lines))
    while not reading.done():
        try:  # the library pings every 20 s, and gives up when nothing comes back
            async with websockets.connect(URL, subprotocols=["pandu.v1"], compression=None) as socket:
                await socket.send(json.dumps({"type": "hello", "v": 1, **{k: state.get(k) for k in ("conv", "client", "last")}}))
                async for text in socket: failures = await take(socket, json.loads(text)) or 0
        except (OSError, asyncio.TimeoutError, websockets.WebSocketException) as error: print("no connection:", error, file=sys.stderr)
        if here["socket"] and here["socket"].close_code in (1002, 1003, 1007, 1008, 1009): break
        failures, here["socket"] = failures + 1, None
        await asyncio.sleep(random.uniform(0, min(30, 0.25 * 2 ** failures)))  # back-off with jitter
asyncio.run(main())
