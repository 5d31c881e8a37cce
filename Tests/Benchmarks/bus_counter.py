# SPDX-License-Identifier: Apache-2.0
"""Passes D-Bus connections on to the session bus, and notes the method calls that come from the client."""

import os
import socket
import struct
import threading
import time

METHOD_CALL = 1
MEMBER = 3  # the field of a message's header that names the method


class Messages:
    """Finds the method calls in what a client sends. Source: the D-Bus specification, Message Format."""

    def __init__(self, note):
        self.note = note
        self.buffer = b""
        self.is_authenticated = False

    def feed(self, data):
        self.buffer += data
        if not self.is_authenticated:
            _, found, rest = self.buffer.partition(b"\r\nBEGIN\r\n")
            if not found:
                return
            self.is_authenticated, self.buffer = True, rest
        while len(self.buffer) >= 16:
            order = "<" if self.buffer[:1] == b"l" else ">"
            body, _, fields = struct.unpack_from(order + "III", self.buffer, 4)
            size = aligned(16 + fields) + body
            if len(self.buffer) < size:
                return
            if self.buffer[1] == METHOD_CALL:
                self.note(method(self.buffer[:16 + fields], order))
            self.buffer = self.buffer[size:]


def aligned(at):
    return (at + 7) // 8 * 8


def method(header, order):
    """The name of the method that a message calls."""
    at = 16
    while at < len(header):
        at = aligned(at)
        field, kind = header[at], chr(header[at + 2])
        at += 4
        if kind in "so":
            (length,) = struct.unpack_from(order + "I", header, at)
            if field == MEMBER:
                return header[at + 4:at + 4 + length].decode()
            at += 4 + length + 1
        elif kind == "g":
            at += 1 + header[at] + 1
        else:  # a number
            at += 4
    raise ValueError("a method call without a method")


class BusCounter:
    """A way to the session bus on which calls are noted, for a program whose DBUS_SESSION_BUS_ADDRESS is `address`."""

    QUIET = 0.2  # seconds without a call after which no more are expected

    def __init__(self, folder):
        self.calls = []
        path = os.path.join(folder, "counted-bus")
        self.address = "unix:path=" + path
        self.bus = os.environ["DBUS_SESSION_BUS_ADDRESS"].removeprefix("unix:path=").partition(",")[0]
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def take(self):
        """The calls since it was last asked, as soon as no more come."""
        seen = -1
        while seen != len(self.calls):
            seen = len(self.calls)
            time.sleep(self.QUIET)
        taken, self.calls = self.calls, []
        return taken

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            bus = socket.socket(socket.AF_UNIX)
            bus.connect(self.bus)
            messages = Messages(lambda name: self.calls.append(name))
            for way in ((client, bus, messages.feed), (bus, client, lambda data: None)):
                threading.Thread(target=pass_on, args=way, daemon=True).start()


def pass_on(source, target, inspect):
    """Copies until the source ends, then ends the target."""
    try:
        while data := source.recv(65536):
            inspect(data)
            target.sendall(data)
        target.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
