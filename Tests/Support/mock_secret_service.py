#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A Secret Service for tests of prompts: it starts locked, keeps its items in memory, and shows no window.

    mock_secret_service.py [--name BUS.NAME]

A test selects it with SECRET_SERVICE_BUS_NAME=BUS.NAME before libsecret is first used (org.cognitoauth.Mock unless told
otherwise). What becomes of a prompt, and all else, a test asks of the interface org.cognitoauth.Mock at /mock:

    Reset()          forgets all items, calls, hushes, refusals and questions, has its one collection, locks it, and
                     answers prompts with "silent"
    Behave(s, u)     from now on a prompt ends, so many milliseconds after it was asked for, in one of these ways:
                     "complete" (what was asked for is done), "dismiss", "vanish" (the service leaves the bus),
                     "silent" (never), "elsewhere" (somebody else makes the collection, then it is dismissed)
    Ask(s)           from now on calls of this method, "Delete", "CreateItem" or "CreateCollection", are answered with
                     a prompt
    Spoil(s, u)      so many sessions are of no use, those that are open first, in one of these ways: "unknown" (it
                     says, as KWallet does, that it cannot find them), "key" (what it sends cannot be decrypted),
                     "refuse" (the next ones are not opened)
    Hush(s)          from now on calls of this method, as in "Delete", get no answer, and do nothing
    Refuse(s)        from now on calls of this method are refused
    Remove()         removes the collection, with all that is in it
    Leave()          gives up its name and all objects, and stays on the bus: its user has switched it off
    Complete()       the user agrees in the prompts that are open, however late
    Lock()           locks everything
    Tell(u)          tells so many times that an item has changed; of what really changes it tells nobody
    Calls() -> as    the calls so far, as in "Service.SearchItems" or "Prompt.Prompt"
    Items() -> u     how many items there are

It needs PyGObject (Debian: python3-gi). It ends with the bus, on SIGTERM, or when its parent dies.
"""

import argparse
import ctypes
import functools
import os
import signal
import sys

from gi.repository import Gio, GLib

from secret_service_interfaces import NODES

ROOT = "/org/freedesktop/secrets"
COLLECTION = ROOT + "/collection/login"
ALIAS = ROOT + "/aliases/default"  # where libsecret stores
PREFIX = "org.freedesktop.Secret."
LOCKED = PREFIX + "Error.IsLocked locked"


class Mock:
    def __init__(self, bus, loop):
        self.bus, self.loop = bus, loop
        self.items = {}  # path: (attributes, label, secret)
        self.made = 0  # paths, which are never used twice
        self.sessions = {}  # path: in which way it is of no use, None for a good one
        self.collection = []  # its registrations under its path and its alias, or none
        self.reset()
        self.service = self.publish(ROOT, PREFIX + "Service")
        self.name = None
        self.publish("/mock", "org.cognitoauth.Mock")

    def reset(self):
        self.ending, self.delay = "silent", 0
        self.asking = self.hushed = self.refused = None
        self.spoiling = []  # what becomes of the sessions that will be opened
        self.calls, self.prompts = [], {}  # path: what does what was asked for, and returns its result
        self.remove()
        self.make("login")
        self.locked = True

    def make(self, label):
        if not self.collection:
            self.label, self.locked = label, False
            self.collection = [self.publish(path, PREFIX + "Collection") for path in (COLLECTION, ALIAS)]

    def remove(self):
        for path in list(self.items):
            self.forget(path)
        for registration in self.collection:
            self.bus.unregister_object(registration)
        self.collection = []

    def publish(self, path, interface):
        return self.bus.register_object(path, NODES.lookup_interface(interface), self.call, self.get, None)

    def new_path(self, kind, interface):
        self.made += 1
        path = f"{COLLECTION}/{self.made}" if kind == "item" else f"{ROOT}/{kind}/{self.made}"
        registration = self.publish(path, PREFIX + interface)
        return path, registration

    def forget(self, path):
        *_, registration = self.items.pop(path)
        self.bus.unregister_object(registration)

    def get(self, _bus, _sender, path, _interface, name):
        attributes, label, *_ = self.items.get(path, ({}, self.label, None, None))
        return {
            "Collections": lambda: GLib.Variant("ao", [COLLECTION] if self.collection else []),
            "Items": lambda: GLib.Variant("ao", list(self.items)),
            "Label": lambda: GLib.Variant("s", label),
            "Locked": lambda: GLib.Variant("b", self.locked),
            "Created": lambda: GLib.Variant("t", 1),
            "Modified": lambda: GLib.Variant("t", 1),
            "Attributes": lambda: GLib.Variant("a{ss}", attributes),
        }[name]()

    def call(self, _bus, _sender, path, interface, method, arguments, invocation):
        if interface.startswith(PREFIX):
            self.calls.append(interface.removeprefix(PREFIX) + "." + method)
        if method == self.hushed:
            return
        if method == self.refused:
            invocation.return_dbus_error("org.freedesktop.DBus.Error.NotSupported", "it does not do that")
            return
        handler = getattr(self, method)
        answer = handler(path, *arguments.unpack())
        if isinstance(answer, str):
            invocation.return_dbus_error(*answer.split(" ", 1))
        else:
            invocation.return_value(answer)

    # Service

    def OpenSession(self, _path, algorithm, _input):
        if algorithm != "plain":
            return "org.freedesktop.DBus.Error.NotSupported only plain"
        spoiled = self.spoiling.pop(0) if self.spoiling else None
        if spoiled == "refuse":
            return "org.freedesktop.DBus.Error.InvalidArgs Client public key size is invalid"
        path, _ = self.new_path("session", "Session")
        self.sessions[path] = spoiled
        return GLib.Variant("(vo)", (GLib.Variant("s", ""), path))

    def SearchItems(self, _path, wanted):
        found = [path for path, (attributes, *_) in self.items.items() if wanted.items() <= attributes.items()]
        return GLib.Variant("(aoao)", ([], found) if self.locked else (found, []))

    def Unlock(self, _path, targets):
        if not self.locked:
            return GLib.Variant("(aoo)", (targets, "/"))

        def unlock():
            self.locked = False
            return GLib.Variant("ao", targets)
        return GLib.Variant("(aoo)", ([], self.new_prompt(unlock)))

    def GetSecrets(self, _path, paths, session):
        if self.locked:
            return LOCKED
        if self.sessions.get(session, "unknown") == "unknown":
            return f"org.freedesktop.DBus.Error.UnknownObject Can't find session {session}"
        # A secret that is not encrypted has no parameters: it cannot be decrypted where there are some.
        parameters = b"another key" if self.sessions[session] == "key" else b""
        secrets = {
            path: (session, parameters, self.items[path][2], "text/plain") for path in paths if path in self.items}
        return GLib.Variant("(a{o(oayays)})", (secrets,))

    def ReadAlias(self, _path, name):
        return GLib.Variant("(o)", (COLLECTION if name == "default" and self.collection else "/",))

    def CreateCollection(self, _path, properties, alias):
        def create():
            if alias == "default":
                self.make(properties[PREFIX + "Collection.Label"])
            return GLib.Variant("o", COLLECTION)
        if self.asking == "CreateCollection":
            return GLib.Variant("(oo)", ("/", self.new_prompt(create)))
        create()
        return GLib.Variant("(oo)", (COLLECTION, "/"))

    # Collection, Item and Session

    def CreateItem(self, _path, properties, secret, replace):
        if self.locked:
            return LOCKED
        if self.sessions.get(secret[0]) is not None:
            return f"org.qtproject.QtDBus.Error.InvalidObjectPath Can't find session {secret[0]}"
        if self.asking == "CreateItem":
            create = functools.partial(self.create, properties, secret, replace)
            return GLib.Variant("(oo)", ("/", self.new_prompt(lambda: GLib.Variant("o", create()))))
        return GLib.Variant("(oo)", (self.create(properties, secret, replace), "/"))

    def create(self, properties, secret, replace):
        attributes = properties[PREFIX + "Item.Attributes"]
        same = [path for path, (others, *_) in self.items.items() if others == attributes]
        for path in same if replace else []:
            self.forget(path)
        path, registration = self.new_path("item", "Item")
        self.items[path] = (attributes, properties.get(PREFIX + "Item.Label", ""), bytes(secret[2]), registration)
        return path

    def GetSecret(self, path, session):
        if self.locked:
            return LOCKED
        return GLib.Variant("((oayays))", ((session, b"", self.items[path][2], "text/plain"),))

    def SetSecret(self, path, secret):
        if self.locked:
            return LOCKED
        attributes, label, _, registration = self.items[path]
        self.items[path] = (attributes, label, bytes(secret[2]), registration)

    def Delete(self, path):
        if self.locked:
            return LOCKED

        def delete():
            if path in self.items:
                self.forget(path)
            return GLib.Variant("s", "")
        if self.asking == "Delete":
            return GLib.Variant("(o)", (self.new_prompt(delete),))
        delete()
        return GLib.Variant("(o)", ("/",))

    def Close(self, _path):
        return None

    # Prompt

    def new_prompt(self, action):
        path, _ = self.new_path("prompt", "Prompt")
        self.prompts[path] = action
        return path

    def Prompt(self, path, _window):
        if self.delay == 0 and self.ending in ("complete", "dismiss"):
            self.end_prompt(path, self.ending)  # The signal comes before the answer.
        elif self.ending != "silent":
            GLib.timeout_add(self.delay, self.end_prompt, path, self.ending)
        return None

    def Dismiss(self, path):
        self.end_prompt(path, "dismiss")

    def end_prompt(self, path, ending):
        if ending == "vanish":
            self.loop.quit()
        action = self.prompts.pop(path, None)
        if action is None or ending == "vanish":
            return GLib.SOURCE_REMOVE
        if ending == "elsewhere":
            self.make("login")
        result = action() if ending == "complete" else GLib.Variant("s", "")
        self.bus.emit_signal(
            None, path, PREFIX + "Prompt", "Completed", GLib.Variant("(bv)", (ending != "complete", result)))
        return GLib.SOURCE_REMOVE

    # What tests ask

    def Reset(self, _path):
        self.reset()

    def Behave(self, _path, ending, delay):
        self.ending, self.delay = ending, delay

    def Ask(self, _path, method):
        self.asking = method

    def Spoil(self, _path, way, count):
        for session in list(self.sessions) if way != "refuse" else []:
            if self.sessions[session] is None and count > 0:
                self.sessions[session], count = way, count - 1
        self.spoiling = [way] * count

    def Hush(self, _path, method):
        self.hushed = method

    def Refuse(self, _path, method):
        self.refused = method

    def Remove(self, _path):
        self.remove()

    def Leave(self, _path):
        self.remove()
        self.bus.unregister_object(self.service)
        Gio.bus_unown_name(self.name)

    def Complete(self, _path):
        for path in list(self.prompts):
            self.end_prompt(path, "complete")

    def Lock(self, _path):
        self.locked = True

    def Tell(self, _path, count):
        for _ in range(count):
            self.bus.emit_signal(
                None, COLLECTION, PREFIX + "Collection", "ItemChanged", GLib.Variant("(o)", (COLLECTION + "/1",)))

    def Calls(self, _path):
        return GLib.Variant("(as)", (self.calls,))

    def Items(self, _path):
        return GLib.Variant("(u)", (len(self.items),))


def main():
    parser = argparse.ArgumentParser(description="A Secret Service for tests of prompts.")
    parser.add_argument("--name", default="org.cognitoauth.Mock")
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    loop = GLib.MainLoop()
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    mock = Mock(bus, loop)
    mock.name = Gio.bus_own_name_on_connection(
        bus, options.name, Gio.BusNameOwnerFlags.NONE, None, lambda *_: os._exit(1))
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, loop.quit)
    loop.run()
    del mock
    return 0


if __name__ == "__main__":
    sys.exit(main())
