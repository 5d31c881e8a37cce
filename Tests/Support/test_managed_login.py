#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds local_cognito.py to what its head promises of its login pages, and managed_login.py to its own."""

import base64
import hashlib
import http.client
import json
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from local_cognito import USERS
from login_scene import Cognito, SignIn
from plain_browser import PlainBrowser
from processes import free_ports
from test_scripted_cognito import claims, run_tests


class LoginTests(unittest.TestCase):
    """What holds in managed login; the older hosted UI is below."""

    OPTIONS = ["--managed-login"]

    @classmethod
    def setUpClass(cls):
        cls.cognito = Cognito(*cls.OPTIONS)

    @classmethod
    def tearDownClass(cls):
        cls.cognito.stop()

    def setUp(self):
        self.profile = tempfile.TemporaryDirectory()
        self.addCleanup(self.profile.cleanup)
        self.browser = PlainBrowser(Path(self.profile.name))
        self.cognito.program.visits.clear()

    def sign_in(self, user="ada", **changes):
        """Types the password; returns the sign-in, and what came back to the program."""
        sign_in = SignIn(self.cognito, **changes)
        page = self.browser.open(sign_in.url)
        self.assertTrue(page.asks_password)
        page = self.browser.sign_in(page, user, USERS[user])
        return sign_in, self.came_back(page)

    def came_back(self, page):
        self.assertEqual((page.status, page.text), (200, "Welcome back."))
        return self.cognito.program.visits[-1]

    def walk(self, **changes):
        """What comes back to the program without a password, or None if a form is shown."""
        page = self.browser.open(SignIn(self.cognito, **changes).url)
        return None if page.asks_password else self.came_back(page)

    # Tokens

    def test_a_login_comes_back_with_a_code_and_the_state(self):
        sign_in, answer = self.sign_in()
        self.assertEqual((set(answer), answer["state"]), ({"code", "state"}, sign_in.state))

    def test_a_code_is_good_for_all_tokens_and_only_once(self):
        sign_in, answer = self.sign_in()
        status, tokens = sign_in.exchange(answer["code"])
        self.assertEqual((status, set(tokens)), (200, {"access_token", "id_token", "refresh_token", "token_type", "expires_in"}))
        access, identity = claims(tokens["access_token"]), claims(tokens["id_token"])
        half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
        self.assertEqual(identity["at_hash"], base64.urlsafe_b64encode(half).rstrip(b"=").decode())
        self.assertEqual((identity["nonce"], identity["aud"], identity["token_use"], identity["email"]),
                         ("n-1", self.cognito.client, "id", "ada@example.com"))
        self.assertEqual((access["client_id"], access["token_use"], access["username"], access["sub"]),
                         (self.cognito.client, "access", "ada", identity["sub"]))
        self.assertTrue(access["iss"].endswith("/" + self.cognito.settings["COGNITO_USER_POOL_ID"]))
        self.assertEqual(sign_in.exchange(answer["code"])[1]["error"], "invalid_grant")

    def test_verifier_and_redirect_have_to_fit_the_code(self):
        for change in ({"code_verifier": "another"}, {"redirect_uri": self.cognito.settings["COGNITO_REDIRECT_URI_2"]}):
            with self.subTest(change):
                sign_in, answer = self.sign_in(prompt="login")
                status, reply = sign_in.exchange(answer["code"], **change)
                self.assertEqual((status, reply["error"]), (400, "invalid_grant"))

    def test_its_tokens_are_those_of_a_session(self):
        sign_in, answer = self.sign_in("grace")
        tokens = sign_in.exchange(answer["code"])[1]
        self.assertEqual(self.cognito.call("GetUser", AccessToken=tokens["access_token"])[1]["Username"], "grace")
        refresh = {"RefreshToken": tokens["refresh_token"], "ClientId": self.cognito.client}
        self.assertEqual(self.cognito.call("GetTokensFromRefreshToken", **refresh)[0], 200)
        self.assertEqual(self.cognito.call("GlobalSignOut", AccessToken=tokens["access_token"])[0], 200)
        self.assertEqual(self.cognito.call("GetTokensFromRefreshToken", **refresh)[0], 400)
        self.assertEqual(self.cognito.call("GetUser", AccessToken=tokens["access_token"])[0], 400)

    def test_a_refresh_token_can_be_revoked(self):
        sign_in, answer = self.sign_in()
        token = sign_in.exchange(answer["code"])[1]["refresh_token"]
        self.assertEqual(self.cognito.command("refresh-works", "--refresh-token-file", "-", input=token).returncode, 0)
        self.assertEqual(self.cognito.call("RevokeToken", Token=token, ClientId=self.cognito.client)[0], 200)
        self.assertEqual(
            self.cognito.command("refresh-works", "--refresh-token-file", "-", input=token, check=False).returncode, 1)

    # The cookie

    def test_who_has_logged_in_walks_straight_to_another_code(self):
        _, first = self.sign_in()
        sign_in = SignIn(self.cognito)
        second = self.came_back(self.browser.open(sign_in.url))
        self.assertNotEqual(first["code"], second["code"])
        self.assertEqual(second["state"], sign_in.state)
        self.assertEqual(claims(sign_in.exchange(second["code"])[1]["access_token"])["username"], "ada")

    def test_another_browser_does_not(self):
        self.sign_in()
        self.browser = PlainBrowser(Path(self.profile.name, "another"))
        self.assertIsNone(self.walk())

    def test_a_browser_remembers_when_it_is_started_again(self):
        self.sign_in()
        self.browser.close()
        self.browser = PlainBrowser(Path(self.profile.name))
        self.assertIn("code", self.walk())

    def test_a_wrong_password_gives_no_cookie(self):
        page = self.browser.open(SignIn(self.cognito).url)
        page = self.browser.sign_in(page, "ada", "wrong")
        self.assertIn("Incorrect username or password.", page.text)
        self.assertEqual(list(self.browser.cookies), [])
        self.assertEqual(self.came_back(self.browser.cancel(page))["error"], "access_denied")

    def test_logout_comes_back_and_takes_the_cookie(self):
        self.sign_in()
        self.assertEqual(self.came_back(self.browser.open(self.cognito.logout_url())), {})
        self.assertEqual(list(self.browser.cookies), [])
        self.assertIsNone(self.walk())

    def test_the_cookie_is_dead_after_logout_and_not_only_forgotten(self):
        self.sign_in()
        self.browser.close()
        self.browser.open(self.cognito.logout_url())
        self.browser = PlainBrowser(Path(self.profile.name))  # with the cookie of before
        self.assertIsNone(self.walk())

    def test_logout_to_where_nobody_registered_is_refused_and_the_cookie_stays(self):
        self.sign_in()
        self.assertEqual(self.browser.open(self.cognito.logout_url("http://localhost:1/elsewhere")).status, 400)
        self.assertIn("code", self.walk())

    def test_signing_out_everywhere_leaves_the_cookie(self):
        sign_in, answer = self.sign_in()
        tokens = sign_in.exchange(answer["code"])[1]
        self.cognito.call("GlobalSignOut", AccessToken=tokens["access_token"])
        self.cognito.call("RevokeToken", Token=tokens["refresh_token"], ClientId=self.cognito.client)
        self.assertIn("code", self.walk())

    def test_a_pause_forgets_no_cookie(self):
        self.sign_in()
        self.cognito.command("pause")
        self.assertEqual(self.browser.open(SignIn(self.cognito).url).status, 0)
        self.cognito.command("resume")
        self.assertIn("code", self.walk())

    # prompt

    def test_prompt_login_asks_again_and_replaces_the_cookie(self):
        self.sign_in()
        self.browser.close()
        self.assertIsNone(self.walk(prompt="login"))
        self.assertIn("code", self.walk())
        self.sign_in("grace", prompt="login")
        sign_in = SignIn(self.cognito)
        code = self.came_back(self.browser.open(sign_in.url))["code"]
        self.assertEqual(claims(sign_in.exchange(code)[1]["access_token"])["username"], "grace")
        self.browser = PlainBrowser(Path(self.profile.name))  # with the cookie of before
        self.assertIsNone(self.walk())

    def test_prompt_none_asks_nobody(self):
        sign_in = SignIn(self.cognito, prompt="none")
        self.assertEqual(self.came_back(self.browser.open(sign_in.url)), {"error": "login_required", "state": sign_in.state})
        self.sign_in()
        self.assertIn("code", self.walk(prompt="none"))

    # Errors

    def test_who_cancels_comes_back_with_access_denied_and_the_state(self):
        sign_in = SignIn(self.cognito)
        answer = self.came_back(self.browser.cancel(self.browser.open(sign_in.url)))
        self.assertEqual((answer["error"], answer["state"]), ("access_denied", sign_in.state))

    def test_a_bad_request_comes_back_without_the_state(self):
        for change in ({"scope": "openid elsewhere/read"}, {"code_challenge_method": "plain"}):
            with self.subTest(change):
                answer = self.walk(**change)
                self.assertEqual(answer["error"], "invalid_request")
                self.assertNotIn("state", answer)

    def test_a_redirect_to_where_nobody_registered_is_refused(self):
        for uri in (self.cognito.redirect_uri + "/", self.cognito.redirect_uri.replace("localhost", "127.0.0.1")):
            with self.subTest(uri):
                self.assertEqual(self.browser.open(SignIn(self.cognito, redirect_uri=uri).url).status, 400)
        self.assertEqual(self.cognito.program.visits, [])

    def test_login_pages_fail_once_when_told_to(self):
        for error in ("invalid_request", "unauthorized_client", "invalid_scope", "server_error", "temporarily_unavailable"):
            with self.subTest(error):
                self.cognito.command("fail-once", "--path", "/oauth2/authorize", "--error", error)
                answer = self.walk()
                self.assertEqual((answer["error"], "state" in answer), (error, error == "temporarily_unavailable"))
        self.assertIsNone(self.walk())
        self.cognito.command("fail-once", "--path", "/login", "--error", "server_error")
        self.assertEqual(self.sign_in()[1], {"error": "server_error"})
        self.assertIn("code", self.sign_in()[1])

    def test_an_exchange_fails_once_when_told_to(self):
        sign_in, answer = self.sign_in()
        self.cognito.command("fail-once", "--path", "/oauth2/token", "--error", "server_error")
        self.assertEqual(sign_in.exchange(answer["code"]), (400, {"error": "server_error"}))
        self.assertEqual(sign_in.exchange(answer["code"])[0], 200)

    def test_the_answer_to_an_exchange_can_be_lost_when_the_code_is_used_up(self):
        sign_in, answer = self.sign_in()
        self.cognito.command("fail-once", "--path", "/oauth2/token", "--close")
        with self.assertRaises(http.client.RemoteDisconnected):
            sign_in.exchange(answer["code"])
        self.assertEqual(sign_in.exchange(answer["code"])[1]["error"], "invalid_grant")

    def test_the_answer_to_an_exchange_can_be_late(self):
        sign_in, answer = self.sign_in()
        self.cognito.command("fail-once", "--path", "/oauth2/token", "--delay-ms", "60000")
        connection = http.client.HTTPConnection(urlsplit(self.cognito.url).netloc, timeout=0.5)
        self.addCleanup(connection.close)
        connection.request("POST", "/oauth2/token", urlencode({"grant_type": "authorization_code"}))
        self.assertRaises(TimeoutError, connection.getresponse)
        self.assertEqual(sign_in.exchange(answer["code"])[0], 200)

    def test_a_mistake_in_what_shall_fail_is_refused(self):
        login = json.loads(Path(self.cognito.directory.name, "state.json").read_text())["login_port"]
        connection = http.client.HTTPConnection("127.0.0.1", login, timeout=10)
        self.addCleanup(connection.close)
        for path, fault in (("fail-once", {"error": "server_error"}), ("fail-once", {"path": "/", "delay": 3}), ("fail", {"path": "/"})):
            connection.request("POST", "/_control/" + path, json.dumps(fault))
            reply = connection.getresponse()
            self.assertEqual((reply.status, "error" in json.load(reply)), (400, True))

    # Traffic

    def test_requests_count_by_their_path_and_by_nothing_secret(self):
        before = len(self.cognito.operations())
        sign_in, answer = self.sign_in()
        sign_in.exchange(answer["code"])
        self.cognito.call("GetUser", AccessToken="x")
        self.browser.open(self.cognito.logout_url())
        self.assertEqual(self.cognito.operations()[before:],
                         ["/oauth2/authorize", "/login", "/oauth2/token", "GetUser", "/logout"])


class ClassicLoginTests(unittest.TestCase):
    """The older hosted UI, with a client that has a secret, and with URIs that the test gives."""

    @classmethod
    def setUpClass(cls):
        port = free_ports(1)[0]
        cls.uris = [f"http://localhost:{port}/a", f"http://127.0.0.1:{port}/b", f"http://localhost:{port}/out"]
        cls.cognito = Cognito("--classic-login", "--client-secret", "--redirect-uri", cls.uris[0],
                              "--redirect-uri", cls.uris[1], "--logout-uri", cls.uris[2])

    @classmethod
    def tearDownClass(cls):
        cls.cognito.stop()

    def setUp(self):
        self.cognito.program.visits.clear()
        self.profile = tempfile.TemporaryDirectory()
        self.addCleanup(self.profile.cleanup)
        self.browser = PlainBrowser(Path(self.profile.name))

    def sign_in(self, **changes):
        sign_in = SignIn(self.cognito, **changes)
        page = self.browser.open(sign_in.url)
        if page.asks_password:
            self.browser.sign_in(page, "ada", USERS["ada"])
        return sign_in, page.asks_password

    def test_its_client_has_the_uris_that_were_given(self):
        names = ["COGNITO_REDIRECT_URI_1", "COGNITO_REDIRECT_URI_2", "COGNITO_LOGOUT_URI_1"]
        self.assertEqual([self.cognito.settings[name] for name in names], self.uris)

    def test_it_ignores_prompt(self):
        self.assertEqual(self.sign_in(prompt="none")[1], True)
        self.assertEqual(self.sign_in(prompt="login")[1], False)
        self.assertIn("code", self.cognito.program.visits[-1])

    def test_only_logout_lets_it_ask_again(self):
        self.sign_in()
        self.browser.open(self.cognito.logout_url())
        self.assertEqual(self.sign_in(prompt="login")[1], True)

    def test_the_secret_has_to_be_right_and_a_wrong_one_does_not_use_the_code_up(self):
        sign_in, _ = self.sign_in()
        code, secret = self.cognito.program.visits[-1]["code"], self.cognito.settings["COGNITO_CLIENT_SECRET"]
        self.assertRegex(secret, r"^[\w+]{24,64}$")
        self.assertEqual(sign_in.exchange(code)[1]["error"], "invalid_client")
        self.assertEqual(sign_in.exchange(code, "wrong")[1]["error"], "invalid_client")
        status, tokens = sign_in.exchange(code, secret)
        self.assertEqual(status, 200)
        self.cognito.command("refresh-works", "--refresh-token-file", "-", input=tokens["refresh_token"])

    def test_signing_in_without_a_browser_works_with_the_secret(self):
        tokens = json.loads(self.cognito.command("sign-in", "--user", "grace").stdout)
        self.assertEqual(claims(tokens["access"])["username"], "grace")
        self.cognito.command("refresh-works", "--refresh-token-file", "-", input=tokens["refresh"])


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__]))
