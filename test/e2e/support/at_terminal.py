"""Runs a program at a terminal of its own, and types when something is shown.

Reads JSON from standard input: {"argv": [...], "keys": [["text to wait for", "what to type"], ...]}. The standard streams of the
program are elsewhere; with "streams": "terminal" they are the terminal. After "seconds" (60) nothing is typed any more.
Prints JSON: what the terminal showed, what the program printed, whether typing was echoed, the terminal's mode afterwards.
"""

import json
import os
import pty
import select
import sys
import termios
import time

asked = json.load(sys.stdin)
out_read, out_write = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    # A terminal that nobody has open is gone, and the program opens it only when it asks.
    os.dup2(0, 9)
    if asked.get("streams") != "terminal":
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out_write, 1)
        os.dup2(out_write, 2)
    os.execvp(asked["argv"][0], asked["argv"])

os.close(out_write)
echo_before = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
shown, echo_while_typing, keys = b"", [], list(asked["keys"])
deadline = time.time() + asked.get("seconds", 60)
at = 0
while time.time() < deadline:
    ready, _, _ = select.select([terminal], [], [], 0.1)
    if ready:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    if keys and keys[0][0].encode() in shown[at:]:
        echo_while_typing.append(bool(termios.tcgetattr(terminal)[3] & termios.ECHO))
        at = len(shown)
        os.write(terminal, keys.pop(0)[1].encode())

printed = b""
while True:
    chunk = os.read(out_read, 4096)
    if not chunk:
        break
    printed += chunk
_, status = os.waitpid(pid, 0)
json.dump(
    {
        "shown": shown.decode(),
        "printed": printed.decode(),
        "echoBefore": echo_before,
        "echoWhileTyping": echo_while_typing,
        "status": status,
    },
    sys.stdout,
)
