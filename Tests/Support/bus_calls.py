#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program on the session bus, and prints the D-Bus methods that it called, in their order.

    bus_calls.py COMMAND [ARGUMENT...]

It ends with the program's status. What the program prints goes to the standard error."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "Benchmarks"))
sys.dont_write_bytecode = True
from bus_counter import BusCounter


def main():
    with tempfile.TemporaryDirectory(dir=os.environ["XDG_RUNTIME_DIR"]) as folder:
        counter = BusCounter(folder)
        environment = os.environ | {"DBUS_SESSION_BUS_ADDRESS": counter.address}
        status = subprocess.run(sys.argv[1:], env=environment, stdout=sys.stderr).returncode
        print(" ".join(counter.take()))
    return status


if __name__ == "__main__":
    sys.exit(main())
