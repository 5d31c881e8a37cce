#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the two programs side by side, and prints the table. See run.sh, which starts it in a private session.

    compare.py FOLDER LIBRARY LOAD

FOLDER has what run.sh built, LIBRARY is libcognitoauth.so, LOAD the machine's before. Two settings in the environment:
PAIRS (30) is how often each is measured; with ITEMS (0) it is measured once more in a keyring of so many other items.
"""

import os
import subprocess
import sys
from pathlib import Path

import keyring
from bus_counter import BusCounter
from cognito import Cognito
from contestant import Contestant, NotSignedOut
from table import Table

LIBRARY = ("with_library", "org.cognitoauth.Session")
BY_HAND = ("by_hand", "org.example.SessionByHand")
NAMES = {"cold": "cold process", "warm": "warm call"}
LEGEND = """
Each value is the median, in brackets the quartiles; the ratio is that of the medians.
cold process: from before its start until after its end, with one global sign-out of a saved session in it
warm call: a global sign-out in a process that has done one before
bundle, folder: the program by hand parses Debian's file of all authorities, or looks one up in the folder of files
  named by hash; the library, which takes the folder, is measured once for both
server: the processor time of the local Cognito, which is part of the time above
Each sign-out was asked of the server and of the keyring: both programs sent GlobalSignOut and RevokeToken with the
session's tokens, and deleted it."""


def setting(name, default, least):
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        sys.exit(f"bench: {name} is a number, {least} or more")
    return int(text)


def race(contestants, pairs):
    """Lets each sign out in turn, cold and then warm. A first round fills the caches, and does not count."""
    tasks = (Contestant.sign_out_cold, Contestant.sign_out_warm)
    for task in tasks:
        for contestant in contestants:
            task(contestant)
    for contestant in contestants:
        contestant.samples.clear()
    for task in tasks:
        for _ in range(pairs):
            for contestant in contestants:
                task(contestant)
    for contestant in contestants:
        contestant.end()
    return contestants


def count_calls(contestant, counter):
    """The D-Bus method calls of a cold process, and of a warm call."""
    contestant.sign_out_cold()
    calls = {"cold": counter.take()}
    contestant.sign_out_warm()
    counter.take()
    contestant.sign_out_warm()
    calls["warm"] = counter.take()
    contestant.end()
    return calls


def load_times(folder, library, number):
    return [int(subprocess.run([folder / "loading", library], check=True, stdout=subprocess.PIPE).stdout) / 1e6
            for _ in range(number)]


def measure(folder, library, pairs, items):
    plain, secure = Cognito(), Cognito(folder / "certificates/good.pem")
    counter = BusCounter(os.environ["XDG_RUNTIME_DIR"])
    counted = {"DBUS_SESSION_BUS_ADDRESS": counter.address}
    calls = [count_calls(Contestant(folder, *program, plain, counted), counter) for program in (LIBRARY, BY_HAND)]
    (folder / "calls").write_text("".join(
        f"{program}, {NAMES[kind]}: {' '.join(by[kind])}\n" for (program, _), by in zip((LIBRARY, BY_HAND), calls)
        for kind in NAMES))

    def over_http():
        return race([Contestant(folder, *program, plain, {}) for program in (LIBRARY, BY_HAND)], pairs)

    http = over_http()
    trusting = {"LD_PRELOAD": f"{folder}/system_certificates.so", "BENCHMARK_SYSTEM_FOLDER": f"{folder}/authorities"}
    bundle, directory = ({f"BENCHMARK_CA_{name}": f"{folder}/{path}"}
                         for name, path in (("BUNDLE", "authorities.pem"), ("FOLDER", "authorities")))
    tls = race([Contestant(folder, *LIBRARY, secure, trusting),
                Contestant(folder, *BY_HAND, secure, trusting | bundle),
                Contestant(folder, *BY_HAND, secure, trusting | directory)], pairs)
    couples = {"http": http, "TLS, bundle": tls[:2], "TLS, folder": tls[::2]}
    if items:
        keyring.fill(items)
        couples[f"http, {items} other items"] = over_http()

    table = Table()
    for kind, name in NAMES.items():
        for scene, couple in couples.items():
            table.add(f"{name}, {scene}", "ms", *(by.samples[kind, "milliseconds"] for by in couple))
    for kind, name in NAMES.items():
        for scene in ("http", "TLS, bundle"):
            table.add(f"server, {name}, {scene}", "ms", *(by.samples[kind, "server"] for by in couples[scene]))
    for kind, name in NAMES.items():
        table.add(f"D-Bus method calls, {name}", "", *([len(by[kind])] for by in calls))
    for quantity in ("HTTP requests", "TCP connections"):
        for kind, name in NAMES.items():
            table.add(f"{quantity}, {name}", "", *(by.samples[kind, quantity] + secured.samples[kind, quantity]
                                                   for by, secured in zip(http, tls)))
    for scene, couple in couples.items():
        table.add(f"peak memory, cold process, {scene}", "MiB", *(by.samples["cold", "memory"] for by in couple))
    table.add(f"peak memory after {pairs + 1} sign-outs, http", "MiB", *(by.samples["warm", "memory"] for by in http))
    table.add("size, stripped: library; program by hand", "bytes", [library.stat().st_size],
              [(folder / BY_HAND[0]).stat().st_size])
    table.add("loading the library, the rest being there", "ms", load_times(folder, library, pairs))
    return table


def main():
    folder, library, load = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    pairs, items = setting("PAIRS", 30, 2), setting("ITEMS", 0, 0)
    try:
        table = measure(folder, library, pairs, items)
    except (NotSignedOut, subprocess.SubprocessError) as error:
        sys.exit(f"bench: {error}")
    system, processors = os.uname(), len(os.sched_getaffinity(0))
    print(f"{library.resolve().name} and a C program by hand, in turn, {pairs} pairs")
    print(f"{system.sysname} {system.release}, {processors} processors, load before: {load}\n\n{table}\n{LEGEND}")


if __name__ == "__main__":
    main()
