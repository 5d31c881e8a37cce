#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Passes TCP connections on to a local server and counts what passes.

    counting_proxy.py --listen PORT --to PORT --traffic FILE

FILE always holds, whole: {"connections": n, "requests": n, "operations": ["/oauth2/token", "GlobalSignOut", ...]}, the
operations in order, each written before its request is passed on; a request that names none counts as its path. A
connection counts from its first byte. Counting goes on where an earlier proxy with the same FILE stopped. It listens once
FILE is there, on 127.0.0.1, until SIGTERM.
"""

import argparse
import json
import os
import signal
import socket
import sys
import tempfile
import threading


class Traffic:
    """The counts, in memory and in a file."""

    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()
        self.connections, self.operations = 0, []
        if os.path.exists(path):
            with open(path) as file:
                counts = json.load(file)
            self.connections, self.operations = counts["connections"], counts["operations"]
        self.write()

    def write(self):
        counts = {"connections": self.connections, "requests": len(self.operations), "operations": self.operations}
        directory = os.path.dirname(os.path.abspath(self.path))
        with tempfile.NamedTemporaryFile("w", dir=directory, delete=False) as file:
            json.dump(counts, file)
        os.replace(file.name, self.path)

    def count_connection(self):
        with self.lock:
            self.connections += 1
            self.write()

    def count_request(self, operation):
        with self.lock:
            self.operations.append(operation)
            self.write()


class RequestCounter:
    """Finds the requests in what a client sends; their bodies have a Content-Length."""

    def __init__(self, traffic):
        self.traffic = traffic
        self.head = b""
        self.body_left = 0

    def feed(self, data):
        while data:
            skipped = min(self.body_left, len(data))
            self.body_left -= skipped
            self.head += data[skipped:]
            head, found, data = self.head.partition(b"\r\n\r\n")
            if not found:
                return
            self.head = b""
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {
                name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
            }
            length = headers.get("content-length", "0")
            self.body_left = int(length) if length.isdecimal() else 0
            operation = headers.get("x-amz-target", "").rpartition(".")[2]
            self.traffic.count_request(operation or path_of(first))


def path_of(first_line):
    """The path of a request, without its query, in which codes are."""
    return "".join(first_line.split(" ")[1:2]).partition("?")[0]


def pass_on(source, target, inspect=lambda data: None):
    """Copies until the source ends, then ends the target's input."""
    try:
        while data := source.recv(65536):
            inspect(data)
            target.sendall(data)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(client, port, traffic):
    with client, socket.socket() as server:
        try:
            first = client.recv(1, socket.MSG_PEEK)
            if not first:
                return
            traffic.count_connection()
            server.connect(("127.0.0.1", port))
        except OSError:
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        replies = threading.Thread(target=pass_on, args=(server, client), daemon=True)
        replies.start()
        pass_on(client, server, RequestCounter(traffic).feed)
        replies.join()


def main():
    parser = argparse.ArgumentParser(description="Passes connections on and counts them.")
    parser.add_argument("--listen", type=int, required=True)
    parser.add_argument("--to", type=int, required=True)
    parser.add_argument("--traffic", required=True)
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with socket.create_server(("127.0.0.1", options.listen), backlog=128) as listener:
        traffic = Traffic(options.traffic)
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client, options.to, traffic), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
