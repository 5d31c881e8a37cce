# SPDX-License-Identifier: Apache-2.0
"""Processes that outlive the command that starts them, and the ports that they listen on."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

START_LIMIT = 30


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_ports(count):
    """Ports outside the range that the system hands out, so that nobody takes one during a pause."""
    free = [port for port in random.sample(range(20000, 32000), 50) if is_free(port)]
    return free[:count] if len(free) >= count else sys.exit("local_cognito.py: no free ports")


# Processes. A process is known by its id and its start time, so that a number used again is never taken for it.

def start_time(pid):
    """When the process started, in the kernel's ticks; None if it has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if stat[0] in "ZX" else int(stat[19])


def spawn(command, log, **environment):
    with open(log, "ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                   start_new_session=True, env=os.environ | environment)
    return {"pid": process.pid, "started": start_time(process.pid)}


def is_running(process):
    return process is not None and process["started"] == start_time(process["pid"])


def end(process):
    for number, limit in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        if not is_running(process):
            return
        try:
            os.killpg(process["pid"], number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + limit
        while is_running(process) and time.monotonic() < deadline:
            try:
                os.waitpid(process["pid"], os.WNOHANG)
            except ChildProcessError:
                pass
            time.sleep(0.01)


def accepts_connections(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def await_port(port, process, log):
    deadline = time.monotonic() + START_LIMIT
    while not accepts_connections(port):
        if not is_running(process) or time.monotonic() > deadline:
            sys.exit(f"local_cognito.py: not ready on port {port}:\n{Path(log).read_text()}")
        time.sleep(0.02)
