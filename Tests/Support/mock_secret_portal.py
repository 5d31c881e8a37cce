#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Secret portal of a sandbox, for tests: it hands out the key of libsecret's encrypted file, or does not.

    mock_secret_portal.py [--stay]

It is org.freedesktop.portal.Desktop on the session bus. What it does, a test asks of the interface org.cognitoauth.Mock at
/mock:

    Reset()         answers again, with the first key; forgets all requests
    Behave(s)       from now on a request is answered in one of these ways: "answer", "dismiss" (the user did), "fail",
                    "silent" (never), "mute" (as "silent", and nobody is told the portal's version either)
    Answer(u)       answers so many requests more, and then none
    UseKey(y)       the key is 64 of these bytes
    Release()       answers the requests that were not answered
    Requests() -> u how many requests there were
    Open() -> u     how many were not answered

It needs PyGObject (Debian: python3-gi). It ends with the bus, on SIGTERM, or, unless it is to stay, when its parent dies.
"""

import ctypes
import os
import signal
import sys

from gi.repository import Gio, GLib

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
SECRET = "org.freedesktop.portal.Secret"
REQUEST = "org.freedesktop.portal.Request"
PROPERTIES = "org.freedesktop.DBus.Properties"
MOCK = "org.cognitoauth.Mock"
DELAYS_MS = (50, 400, 2000)
RESPONSES = {"answer": 0, "dismiss": 1, "fail": 2}

NODES = Gio.DBusNodeInfo.new_for_xml("""
<node>
  <interface name="org.freedesktop.portal.Secret">
    <method name="RetrieveSecret">
      <arg type="h" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/></method>
  </interface>
  <interface name="org.freedesktop.DBus.Properties">
    <method name="Get">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
  </interface>
  <interface name="org.cognitoauth.Mock">
    <method name="Reset"/>
    <method name="Behave"><arg type="s" direction="in"/></method>
    <method name="UseKey"><arg type="y" direction="in"/></method>
    <method name="Answer"><arg type="u" direction="in"/></method>
    <method name="Release"/>
    <method name="Requests"><arg type="u" direction="out"/></method>
    <method name="Open"><arg type="u" direction="out"/></method>
  </interface>
</node>""")


class Portal:
    def __init__(self, bus):
        self.bus = bus
        self.Reset()
        for path, interface in ((PATH, SECRET), (PATH, PROPERTIES), ("/mock", MOCK)):
            bus.register_object(path, NODES.lookup_interface(interface), self.call, None, None)

    def call(self, _bus, sender, _path, _interface, method, arguments, invocation):
        if method == "RetrieveSecret":
            descriptors = invocation.get_message().get_unix_fd_list()
            _, options = arguments.unpack()
            request = f"{PATH}/request/{sender[1:].replace('.', '_')}/{options.get('handle_token', 'mock')}"
            self.requests += 1
            self.open.append((sender, request, descriptors.get(0)))
            invocation.return_value(GLib.Variant("(o)", (request,)))
            if self.ending in RESPONSES:
                GLib.timeout_add(DELAYS_MS[0], self.answer)
        elif method == "Get":
            if self.ending != "mute":
                invocation.return_value(GLib.Variant("(v)", (GLib.Variant("u", 1),)))
        else:
            invocation.return_value(getattr(self, method)(*arguments.unpack()))

    def answer(self):
        if self.ending not in RESPONSES:
            return
        response = RESPONSES[self.ending]
        for sender, request, descriptor in self.open:
            if response == 0:
                try:
                    os.write(descriptor, self.key)
                except BrokenPipeError:
                    pass
            os.close(descriptor)
            # libsecret 0.20.5 listens for the answer only once it has the path, which takes it a while on a busy machine.
            for delay in DELAYS_MS:
                GLib.timeout_add(delay - DELAYS_MS[0], self.respond, sender, request, response)
            self.left -= 1
        self.open = []
        if self.left <= 0:
            self.ending = "silent"

    def respond(self, sender, request, response):
        self.bus.emit_signal(sender, request, REQUEST, "Response", GLib.Variant("(ua{sv})", (response, {})))

    def Reset(self):
        self.key, self.open, self.requests = b"k" * 64, [], 0
        self.Behave("answer")

    def Behave(self, ending):
        self.ending, self.left = ending, float("inf")

    def Answer(self, count):
        self.ending, self.left = "answer", count

    def UseKey(self, byte):
        self.key = bytes([byte]) * 64

    def Release(self):
        self.Behave("answer")
        self.answer()

    def Requests(self):
        return GLib.Variant("(u)", (self.requests,))

    def Open(self):
        return GLib.Variant("(u)", (len(self.open),))


def main():
    if sys.argv[1:] != ["--stay"]:
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    loop = GLib.MainLoop()
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    portal = Portal(bus)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, None, lambda *_: os._exit(1))
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, loop.quit)
    loop.run()
    del portal
    return 0


if __name__ == "__main__":
    sys.exit(main())
