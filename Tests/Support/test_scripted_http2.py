#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds scripted_cognito.py to what its head promises of HTTP/2. Needs Debian's python3-h2."""

import socket
import ssl
import sys
import unittest

import h2.connection
import h2.events
import h2.exceptions

from test_scripted_cognito import Certificates, Cognito, run_tests


class HTTP2Client:
    """Speaks HTTP/2 with a server and tells what came."""

    def __init__(self, port, ca):
        context = ssl.create_default_context(cafile=ca)
        context.set_alpn_protocols(["h2"])
        self.socket = context.wrap_socket(socket.create_connection(("localhost", port)), server_hostname="localhost")
        self.h2 = h2.connection.H2Connection()
        self.h2.initiate_connection()

    def call(self, path="/", header=("x-amz-target", "S.RevokeToken"), body=b'{"Token": "t"}'):
        """The events of a request, by name, with what each says; "end" if the connection ended."""
        stream = self.h2.get_next_available_stream_id()
        self.h2.send_headers(stream, [(":method", "POST"), (":scheme", "https"), (":authority", "localhost"), (":path", path),
                                      header, ("content-length", str(len(body)))])
        self.h2.send_data(stream, body, end_stream=True)
        told = []
        while not told or told[-1][0] not in ("StreamEnded", "StreamReset", "ConnectionTerminated", "end", "bad"):
            self.socket.sendall(self.h2.data_to_send())
            data = self.socket.recv(65536)
            try:
                events = self.h2.receive_data(data) if data else [None]
            except h2.exceptions.ProtocolError:
                events = ["bad"]
            told += [entry for entry in map(self.told, events) if entry]
        return told

    @staticmethod
    def told(event):
        match event:
            case None:
                return ("end",)
            case "bad":
                return ("bad",)
            case h2.events.ResponseReceived():
                return "ResponseReceived", dict(event.headers)[b":status"]
            case h2.events.DataReceived() if not event.data:
                return None
            case h2.events.DataReceived():
                return "DataReceived", event.data
            case h2.events.StreamReset():
                return "StreamReset", event.error_code
            case h2.events.ConnectionTerminated():
                return "ConnectionTerminated", event.last_stream_id
            case h2.events.StreamEnded() | h2.events.TrailersReceived() | h2.events.InformationalResponseReceived():
                return (type(event).__name__,)


class HTTP2Tests(unittest.TestCase):
    def test_it_speaks_http2_well_and_badly(self):
        certificates = Certificates()
        cognito = Cognito("--tls-cert", certificates.good, "--tls-key", certificates.key, "--http2")
        self.addCleanup(cognito.stop)
        ok = [("ResponseReceived", b"200"), ("DataReceived", b"{}"), ("StreamEnded",)]
        for reply, told in (
            ({"default": True}, ok),
            ({"status": 400, "body": "x"}, [("ResponseReceived", b"400"), ("DataReceived", b"x"), ("StreamEnded",)]),
            ({"continues": 1}, [("InformationalResponseReceived",), ("ResponseReceived", b"200"), ("StreamEnded",)]),
            ({"trailer_size": 99}, [("ResponseReceived", b"200"), ("TrailersReceived",), ("StreamEnded",)]),
            ({"error": "REFUSED_STREAM"}, [("StreamReset", 7)]),
            ({"goaway": 0, "close": "before_reply"}, [("ConnectionTerminated", 0)]),
            ({"close": "before_reply"}, [("end",)]),
            ({"end": True}, [("bad",)]),
            ({"body": "xyz", "cut_after": 1}, [("ResponseReceived", b"200"), ("DataReceived", b"x"), ("end",)]),
            ({"body": "xyz", "cut_after": 1, "error": "CANCEL"}, [("ResponseReceived", b"200"), ("DataReceived", b"x"), ("StreamReset", 8)]),
        ):
            with self.subTest(reply):
                cognito.script(reply)
                self.assertEqual(HTTP2Client(cognito.url.port, certificates.ca).call(), told)
        cognito.control("reset", {})
        client = HTTP2Client(cognito.url.port, certificates.ca)
        self.assertEqual([client.call(), client.call()], [ok, ok])
        self.assertEqual([(r["connection"], r["protocol"], r["path"], r["body"]) for r in cognito.control("requests")],
                         [(1, "2", "/", {"Token": "t"})] * 2)
        cognito.script({"status": 401}, operation="/oauth2/token")
        told = client.call("/oauth2/token", ("content-type", "application/x-www-form-urlencoded"), b"code=c%2F1")
        self.assertEqual(told[0], ("ResponseReceived", b"401"))
        request = cognito.control("requests")[2]
        self.assertEqual((request["operation"], request["body"]), ("/oauth2/token", {"code": "c/1"}))


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__]))
