#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A machine whose network comes and goes, and which sleeps, for tests of programs that hear of that.

    mock_machine.py        reads words from standard input: offline, online, sleep, wake; ends with it

On the session bus it is the portal's NetworkMonitor, which GIO asks where GTK_USE_PORTAL is 1, and logind, which is on the
system bus otherwise: a test gives the program DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS". It prints "ready"
when both are there, and each word when it has told of it. It needs PyGObject (Debian: python3-gi).
"""

import sys

from gi.repository import Gio, GLib

PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.NetworkMonitor")
LOGIND = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
FULL, LOCAL = 4, 1

NODES = Gio.DBusNodeInfo.new_for_xml("""
<node>
  <interface name="org.freedesktop.portal.NetworkMonitor">
    <method name="GetStatus"><arg type="a{sv}" direction="out"/></method>
    <signal name="changed"/>
    <property name="version" type="u" access="read"/>
  </interface>
  <interface name="org.freedesktop.login1.Manager">
    <signal name="PrepareForSleep"><arg type="b"/></signal>
  </interface>
</node>""")


class Machine:
    def __init__(self, bus):
        self.bus = bus
        self.is_online = True
        self.owned = 0
        for name, path, interface in (PORTAL, LOGIND):
            bus.register_object(path, NODES.lookup_interface(interface), self.answer, lambda *_: GLib.Variant("u", 3), None)
            Gio.bus_own_name_on_connection(bus, name, Gio.BusNameOwnerFlags.NONE, self.own, None)

    def own(self, _bus, _name):
        self.owned += 1
        if self.owned == 2:
            print("ready", flush=True)

    def answer(self, _bus, _sender, _path, _interface, _method, _parameters, invocation):
        status = {"available": GLib.Variant("b", self.is_online), "metered": GLib.Variant("b", False),
                  "connectivity": GLib.Variant("u", FULL if self.is_online else LOCAL)}
        invocation.return_value(GLib.Variant("(a{sv})", (status,)))

    def tell(self, word):
        if word in ("offline", "online"):
            self.is_online = word == "online"
            self.emit(PORTAL, "changed", None)
        elif word in ("sleep", "wake"):
            self.emit(LOGIND, "PrepareForSleep", GLib.Variant("(b)", (word == "sleep",)))
        else:
            sys.exit(f"mock_machine.py: {word}?")
        self.bus.flush_sync(None)
        print(word, flush=True)

    def emit(self, whose, signal, parameters):
        _, path, interface = whose
        self.bus.emit_signal(None, path, interface, signal, parameters)


def main():
    machine = Machine(Gio.bus_get_sync(Gio.BusType.SESSION, None))
    loop = GLib.MainLoop()

    def read(source, _condition):
        word = source.readline().strip()
        if not word:
            loop.quit()
            return False
        machine.tell(word)
        return True

    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP, read)
    loop.run()


if __name__ == "__main__":
    main()
