#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds scripted_cognito.py to what its head promises."""

import base64
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

from cognito_script import jwt

SUPPORT = os.path.dirname(os.path.abspath(__file__))


class Cognito:
    """A running scripted_cognito.py."""

    def __init__(self, *options):
        self.directory = tempfile.TemporaryDirectory()
        url, control_url = (os.path.join(self.directory.name, name) for name in ("url", "control-url"))
        self.process = subprocess.Popen([
            sys.executable, os.path.join(SUPPORT, "scripted_cognito.py"),
            "--url-file", url, "--control-url-file", control_url, *options,
        ])
        while not os.path.exists(url):
            time.sleep(0.01)
        with open(url) as file, open(control_url) as control_file:
            self.url = urllib.parse.urlsplit(file.read().strip())
            self.control_url = urllib.parse.urlsplit(control_file.read().strip())

    def stop(self):
        self.process.terminate()
        self.directory.cleanup()
        return self.process.wait(10)

    def connect(self):
        return http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=10)

    def control(self, path, body=None, method=None):
        connection = http.client.HTTPConnection(self.control_url.hostname, self.control_url.port, timeout=10)
        connection.request(method or ("GET" if body is None else "POST"), "/_control/" + path, json.dumps(body or {}))
        reply = connection.getresponse()
        content = json.loads(reply.read())
        connection.close()
        if reply.status != 200:
            raise ValueError(content["error"])
        return content

    def script(self, *replies, operation="RevokeToken", then="last"):
        self.control("script", {"operation": operation, "replies": replies, "then": then})


def call(connection, operation="RevokeToken", body=None):
    """Sends one request; returns status, headers and body."""
    connection.request("POST", "/", json.dumps(body or {}), {
        "X-Amz-Target": "AWSCognitoIdentityProviderService." + operation,
        "Content-Type": "application/x-amz-json-1.1",
    })
    reply = connection.getresponse()
    return reply.status, reply.headers, reply.read()


def claims(token):
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


class Certificates:
    """Those of certificates.sh."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        subprocess.run([os.path.join(SUPPORT, "certificates.sh"), self.directory.name], check=True)
        self.good, self.key, self.ca = (os.path.join(self.directory.name, name) for name in ("good.pem", "good.key", "ca.pem"))


class ScriptedCognitoTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cognito = Cognito()

    @classmethod
    def tearDownClass(cls):
        cls.cognito.stop()

    def setUp(self):
        self.cognito.control("reset", {})
        self.connection = self.cognito.connect()
        self.addCleanup(self.connection.close)

    def call(self, *arguments):
        return call(self.connection, *arguments)

    def test_without_a_script_every_operation_succeeds_on_one_connection(self):
        self.assertEqual(self.call("GlobalSignOut")[::2], (200, b"{}"))
        self.assertEqual(self.call("RevokeToken")[::2], (200, b"{}"))
        self.assertEqual(json.loads(self.call("GetUser")[2])["Username"], "ada")
        self.assertEqual(self.cognito.control("connections"), {"count": 1})

    def test_fresh_tokens_carry_the_settings(self):
        self.cognito.control("settings", {"sub": "s-1", "username": "eve", "access_exp": 1516239022, "rotate": "new"})
        result = json.loads(self.call("GetTokensFromRefreshToken")[2])["AuthenticationResult"]
        access = claims(result["AccessToken"])
        self.assertEqual((access["sub"], access["username"], access["exp"]), ("s-1", "eve", 1516239022))
        self.assertEqual(access["token_use"], "access")
        self.assertIn("origin_jti", access)
        self.assertEqual(result["RefreshToken"], "new")
        self.cognito.control("settings", {"rotate": None})
        self.assertNotIn("RefreshToken", json.loads(self.call("GetTokensFromRefreshToken")[2])["AuthenticationResult"])

    def test_with_sessions_only_good_tokens_are_taken_and_each_refresh_token_once(self):
        access = jwt({"exp": int(time.time()) + 60})
        for number in (1, 2):
            self.cognito.control("sessions", {"sub": "s-1", "access": f"{access}{number}", "refresh": f"r-{number}"})
        tokens = json.loads(self.call("GetTokensFromRefreshToken", {"RefreshToken": "r-1"})[2])["AuthenticationResult"]
        self.assertEqual(self.cognito.control("sessions"), [tokens["RefreshToken"], "r-2"])
        self.assertEqual(self.refusal("GetTokensFromRefreshToken", RefreshToken="r-1"), "Refresh Token has been revoked")
        self.assertEqual(self.call("RevokeToken", {"Token": "r-1"})[0], 200)
        self.assertEqual(self.cognito.control("sessions"), [tokens["RefreshToken"], "r-2"])
        self.assertEqual(self.call("RevokeToken", {"Token": "r-2"})[0], 200)
        self.assertEqual(self.cognito.control("sessions"), [tokens["RefreshToken"]])
        self.assertEqual(self.refusal("GlobalSignOut", AccessToken=f"{access}2"), "Access Token has been revoked")
        self.assertEqual(self.call("GlobalSignOut", {"AccessToken": tokens["AccessToken"]})[0], 200)
        self.assertEqual(self.cognito.control("sessions"), [])

    def test_with_sessions_an_access_token_expires(self):
        self.cognito.control("sessions", {"sub": "s-1", "access": jwt({"exp": 1}), "refresh": "r-1"})
        self.assertEqual(self.refusal("GlobalSignOut", AccessToken=jwt({"exp": 1})), "Access Token has expired")

    def refusal(self, operation, **body):
        status, _, answer = self.call(operation, body)
        self.assertEqual(status, 400)
        return json.loads(answer)["message"]

    def test_the_last_reply_repeats(self):
        self.cognito.script({"status": 500}, {"status": 503})
        self.assertEqual([self.call()[0] for _ in range(3)], [500, 503, 503])

    def test_or_the_default_comes_back(self):
        self.cognito.script({"status": 500}, then="default")
        self.assertEqual([self.call()[0] for _ in range(3)], [500, 200, 200])

    def test_headers_and_body_are_sent_as_given(self):
        self.cognito.script({"status": 400, "headers": {"x-amzn-errortype": "NotAuthorizedException:",
                            "X-Amzn-RequestId": None}, "body": {"message": "no"}})
        status, headers, body = self.call()
        self.assertEqual((status, headers["x-amzn-errortype"], json.loads(body)), (400, "NotAuthorizedException:", {"message": "no"}))
        self.assertNotIn("x-amzn-requestid", headers)

    def test_a_body_can_be_any_bytes(self):
        self.cognito.script({"body": "a\udc80\udcff"})
        self.assertEqual(self.call()[2], b"a\x80\xff")

    def test_a_body_can_be_large(self):
        self.cognito.script({"body_size": 10_000_001})
        self.assertEqual(len(self.call()[2]), 10_000_001)

    def test_echo_repeats_the_tokens(self):
        self.cognito.script({"echo": True})
        status, _, body = self.call("RevokeToken", {"Token": "secret"})
        self.assertEqual((status, json.loads(body)["message"]), (400, "Invalid token: secret"))

    def test_requests_are_remembered_and_control_requests_are_not(self):
        self.call("GlobalSignOut", {"AccessToken": "a"})
        self.connection.close()
        self.call("RevokeToken", {"Token": "t"})
        requests = self.cognito.control("requests")
        self.assertEqual([(r["connection"], r["operation"], r["method"], r["path"], r["body"]) for r in requests],
                         [(1, "GlobalSignOut", "POST", "/", {"AccessToken": "a"}), (2, "RevokeToken", "POST", "/", {"Token": "t"})])
        self.assertEqual(requests[0]["headers"]["content-type"], "application/x-amz-json-1.1")

    def test_control_requests_are_json_whatever_kind_they_are_said_to_be(self):
        connection = self.cognito.connect()
        self.addCleanup(connection.close)
        connection.request("POST", "/_control/settings", '{"username": "eve"}',
                           {"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(connection.getresponse().status, 200)

    def test_reset_forgets_everything(self):
        self.cognito.script({"status": 500})
        self.call()
        self.cognito.control("reset", {})
        self.assertEqual((self.cognito.control("requests"), self.cognito.control("connections")), ([], {"count": 0}))
        self.assertEqual(self.call()[0], 200)
        self.assertEqual(self.cognito.control("connections"), {"count": 1})

    def test_delays_and_drips_take_their_time(self):
        for reply, least in (({"delay_ms": 200}, 0.2), ({"drip_ms": 20, "body": "0123456789a"}, 0.2), ({"header_drip_ms": 2}, 0.2)):
            with self.subTest(reply):
                self.cognito.script(reply)
                begin = time.monotonic()
                self.assertEqual(self.call()[0], 200)
                self.assertGreaterEqual(time.monotonic() - begin, least)

    def test_a_cut_reply_promises_more_than_it_sends(self):
        self.cognito.script({"body": "0123456789", "cut_after": 4})
        with self.assertRaises(http.client.IncompleteRead) as caught:
            self.call()
        self.assertEqual((caught.exception.partial, caught.exception.expected), (b"0123", 6))

    def test_a_header_can_be_cut(self):
        self.cognito.script({"cut_head_after": 20})
        self.assertEqual(self.bytes_received(), b"HTTP/1.1 200 OK\r\ncon")

    def test_raw_text_takes_the_place_of_an_answer(self):
        self.cognito.script({"raw": "SSH-2.0\udcff"})
        self.assertEqual(self.bytes_received(), b"SSH-2.0\xff")

    def bytes_received(self):
        """All that comes for a request, until the end."""
        with socket.create_connection((self.cognito.url.hostname, self.cognito.url.port)) as client:
            client.sendall(b"POST / HTTP/1.1\r\nX-Amz-Target: S.RevokeToken\r\n\r\n")
            return b"".join(iter(lambda: client.recv(65536), b""))

    def test_header_and_trailers_can_be_large(self):
        for size in (1000, 300_000):
            self.cognito.script({"keep_alive": False})
            usual = len(self.bytes_received())
            for reply in ({"header_size": size}, {"body": "{}", "trailer_size": size}):
                with self.subTest(reply):
                    self.cognito.script(reply | {"keep_alive": False})
                    self.assertAlmostEqual(len(self.bytes_received()) - usual, size, delta=40)

    def test_provisional_answers_come_before_the_answer(self):
        self.cognito.script({"continues": 2, "keep_alive": False})
        self.assertRegex(self.bytes_received(), rb"^(HTTP/1.1 100 Continue\r\n\r\n){2}HTTP/1.1 200 OK\r\n")

    def test_it_is_a_proxy(self):
        def ask(connection):
            connection.set_tunnel("elsewhere.example", self.cognito.url.port, {"Proxy-Authorization": "Basic eA=="})
            return call(connection)

        self.assertEqual(ask(self.connection)[0], 200)
        requests = self.cognito.control("requests")
        self.assertEqual([request["operation"] for request in requests], ["CONNECT", "RevokeToken"])
        self.assertEqual(requests[0]["path"], f"elsewhere.example:{self.cognito.url.port}")
        self.assertEqual(requests[0]["headers"]["proxy-authorization"], "Basic eA==")
        self.cognito.script({"status": 503}, {"default": True}, operation="CONNECT")
        with self.assertRaisesRegex(OSError, "503"):
            ask(self.cognito.connect())
        self.assertEqual(ask(self.cognito.connect())[0], 200)

    def test_close_ends_the_connection_without_a_byte(self):
        self.cognito.script({"close": "before_reply"})
        self.assertRaises(http.client.RemoteDisconnected, self.call)

    def test_reset_resets_the_connection(self):
        self.cognito.script({"close": "reset"})
        with self.assertRaises(ConnectionResetError) as caught:
            self.call()
        self.assertNotIsInstance(caught.exception, http.client.RemoteDisconnected)

    def test_keep_alive_can_be_refused(self):
        self.cognito.script({"keep_alive": False})
        self.assertEqual(self.call()[1]["connection"], "close")
        self.call()
        self.assertEqual(self.cognito.control("connections"), {"count": 2})

    def test_a_held_request_goes_on_when_released(self):
        self.cognito.script({"hold": True, "default": True})
        statuses = []
        caller = threading.Thread(target=lambda: statuses.append(self.call()[0]))
        caller.start()
        while not self.cognito.control("requests"):
            time.sleep(0.01)
        time.sleep(0.1)
        self.assertEqual(statuses, [])
        self.cognito.control("release", {})
        caller.join(5)
        self.assertEqual(statuses, [200])

    def test_a_mistake_in_a_script_is_refused(self):
        with self.assertRaisesRegex(ValueError, "delay"):
            self.cognito.script({"delay": 3})

    def test_many_connections_at_once(self):
        connections = [self.cognito.connect() for _ in range(50)]
        callers = [threading.Thread(target=call, args=(connection,)) for connection in connections]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(10)
        for connection in connections:
            connection.close()
        self.assertEqual(self.cognito.control("connections"), {"count": 50})

    def test_it_survives_what_is_not_http(self):
        with socket.create_connection((self.cognito.url.hostname, self.cognito.url.port)) as client:
            client.sendall(b"\x16\x03\x01")
            self.assertRegex(client.recv(100), rb"^HTTP/1.1 400 ")
        self.assertEqual(self.call()[0], 200)


class LifeTests(unittest.TestCase):
    def test_it_speaks_tls_and_is_controlled_without(self):
        certificates = Certificates()
        cognito = Cognito("--tls-cert", certificates.good, "--tls-key", certificates.key)
        self.addCleanup(cognito.stop)
        self.assertEqual((cognito.url.scheme, cognito.url.hostname, cognito.control_url.scheme), ("https", "localhost", "http"))
        trusting = http.client.HTTPSConnection("localhost", cognito.url.port, context=ssl.create_default_context(cafile=certificates.ca))
        self.assertEqual(call(trusting)[0], 200)
        cognito.script({"body": "0123456789", "cut_after": 4})
        self.assertRaises(http.client.IncompleteRead, call, trusting)
        trusting.close()
        wary = http.client.HTTPSConnection("localhost", cognito.url.port)
        self.assertRaises(ssl.SSLCertVerificationError, call, wary)
        self.assertEqual(len(cognito.control("requests")), 2)

    def test_it_ends_when_told_to(self):
        self.assertEqual(Cognito().stop(), 0)

    def test_it_ends_by_itself(self):
        cognito = Cognito("--lifetime", "0.2")
        self.assertEqual(cognito.process.wait(5), 0)
        cognito.stop()


def run_tests(module):
    """Runs a module's tests and says how many held."""
    result = unittest.TextTestRunner(verbosity=1).run(unittest.defaultTestLoader.loadTestsFromModule(module))
    # A test may fail in several of its parts.
    failed = len({getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors})
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__]))
