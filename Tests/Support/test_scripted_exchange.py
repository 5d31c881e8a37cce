#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds scripted_cognito.py to what its head promises of a code's exchange for tokens."""

import base64
import hashlib
import http.client
import json
import sys
import time
import unittest
import urllib.parse

from test_scripted_cognito import Cognito, call, claims, run_tests


def exchange(connection, authorization=None, **changes):
    """Sends a code; returns status, headers and body."""
    form = {"grant_type": "authorization_code", "client_id": "client-1", "code": "c-1", "code_verifier": "v-1",
            "redirect_uri": "http://localhost:1/a?b=c d"} | changes
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if authorization:
        headers["Authorization"] = authorization
    connection.request("POST", "/oauth2/token", urllib.parse.urlencode(form, doseq=True), headers)
    reply = connection.getresponse()
    return reply.status, reply.headers, reply.read()


class ExchangeTests(unittest.TestCase):
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

    def script(self, *replies, **options):
        self.cognito.script(*replies, operation="/oauth2/token", **options)

    def exchange(self, *arguments, **changes):
        return exchange(self.connection, *arguments, **changes)

    def tokens(self):
        status, headers, body = self.exchange()
        self.assertEqual((status, headers["content-type"]), (200, "application/json;charset=UTF-8"))
        return json.loads(body)

    def test_without_a_script_it_gets_tokens_for_the_client_that_asks(self):
        self.cognito.control("settings", {"sub": "s-1", "username": "eve", "user_pool_id": "eu-west-1_Pool", "nonce": "n-1"})
        tokens = self.tokens()
        self.assertEqual(set(tokens), {"access_token", "id_token", "refresh_token", "token_type", "expires_in"})
        access, identity = claims(tokens["access_token"]), claims(tokens["id_token"])
        issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool"
        for token, expected in (
            (access, {"sub": "s-1", "iss": issuer, "client_id": "client-1", "token_use": "access", "username": "eve"}),
            (identity, {"sub": "s-1", "iss": issuer, "aud": "client-1", "token_use": "id", "cognito:username": "eve", "nonce": "n-1"}),
        ):
            self.assertEqual(token | expected, token)
            self.assertEqual(token["exp"], token["iat"] + tokens["expires_in"])
        half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
        self.assertEqual(identity["at_hash"], base64.urlsafe_b64encode(half).rstrip(b"=").decode())
        self.assertNotEqual(self.tokens()["refresh_token"], tokens["refresh_token"])

    def test_claims_can_be_others_or_missing(self):
        self.cognito.control("settings", {"access_claims": {"sub": "s-2", "client_id": None}, "rotate": "r-1",
                                          "id_claims": {"aud": "another", "at_hash": "wrong", "nonce": "n-2", "iss": None}})
        tokens = self.tokens()
        access, identity = claims(tokens["access_token"]), claims(tokens["id_token"])
        self.assertEqual((access["sub"], "client_id" in access, tokens["refresh_token"]), ("s-2", False, "r-1"))
        self.assertEqual([identity.get(name) for name in ("aud", "at_hash", "nonce", "iss")], ["another", "wrong", "n-2", None])
        self.cognito.control("reset", {})
        self.assertNotIn("nonce", claims(self.tokens()["id_token"]))

    def test_what_was_sent_can_be_read(self):
        self.exchange("Basic eDp5", code_verifier=["v-1", "v-2"], state="")
        request, = self.cognito.control("requests")
        self.assertEqual((request["operation"], request["method"], request["path"]), ("/oauth2/token", "POST", "/oauth2/token"))
        self.assertEqual(request["headers"]["authorization"], "Basic eDp5")
        self.assertEqual(request["headers"]["content-type"], "application/x-www-form-urlencoded")
        self.assertEqual(request["body"], {"grant_type": "authorization_code", "client_id": "client-1", "code": "c-1",
                                           "code_verifier": ["v-1", "v-2"], "redirect_uri": "http://localhost:1/a?b=c d",
                                           "state": ""})

    def test_every_error_of_oauth_can_be_told(self):
        for status, error in ((400, "invalid_request"), (401, "invalid_client"), (400, "invalid_grant"),
                              (400, "unauthorized_client"), (400, "unsupported_grant_type"), (200, "server_error")):
            with self.subTest(error):
                self.script({"status": status, "body": {"error": error}})
                self.assertEqual(self.exchange()[::2], (status, json.dumps({"error": error}).encode()))

    def test_every_answer_that_is_not_one_can_be_told(self):
        page = "<!DOCTYPE html><p>Sorry."
        for reply, status, kind, body in (
            ({"status": 503, "body": page, "headers": {"Content-Type": "text/html"}}, 503, "text/html", page.encode()),
            ({"body": ""}, 200, "application/json;charset=UTF-8", b""),
            ({"body": {"access_token": "a"}, "headers": {"Content-Type": "text/plain"}}, 200, "text/plain", b'{"access_token": "a"}'),
            ({"default": True, "headers": {"Content-Type": None}, "body_size": 10_000_000}, 200, None, None),
        ):
            with self.subTest(reply):
                self.script(reply)
                answer = self.exchange()
                self.assertEqual((answer[0], answer[1]["content-type"]), (status, kind))
                self.assertEqual(answer[2] if body is not None else len(answer[2]), body if body is not None else 10_000_000)

    def test_every_way_to_break_off_can_be_told(self):
        for reply, error in (({"close": "before_reply"}, http.client.RemoteDisconnected), ({"close": "reset"}, ConnectionResetError),
                             ({"raw": "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"}, http.client.IncompleteRead),
                             ({"default": True, "cut_after": 40}, http.client.IncompleteRead)):
            with self.subTest(reply):
                self.script(reply, then="default")
                with self.assertRaises(error):
                    self.exchange()
                self.connection.close()
                self.tokens()

    def test_an_answer_can_stall_or_drip(self):
        for reply in ({"delay_ms": 300, "default": True}, {"drip_ms": 2, "body": {"error": "x" * 150}}):
            with self.subTest(reply):
                self.script(reply)
                begin = time.monotonic()
                self.exchange()
                self.assertGreaterEqual(time.monotonic() - begin, 0.3)

    def test_echo_repeats_code_and_verifier(self):
        self.script({"echo": True})
        status, _, body = self.exchange()
        self.assertEqual((status, json.loads(body)),
                         (400, {"error": "invalid_grant", "error_description": "Invalid token: c-1 v-1"}))

    def test_a_script_for_it_is_none_for_other_operations(self):
        self.script({"status": 500})
        self.assertEqual((self.exchange()[0], call(self.connection)[0]), (500, 200))


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__]))
