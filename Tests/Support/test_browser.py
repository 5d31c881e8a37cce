#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds browser.py to what its head promises, with each of its browsers."""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from login_scene import Cognito, SignIn, SUPPORT
from test_scripted_cognito import run_tests

WELCOME = "200\nWelcome back.\n"


class Somebody:
    """Has a home and browser.py in it."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory()
        home = Path(self.home.name)
        self.directory = home / ".local/share/test-browser"
        self.environment = {
            "HOME": self.home.name, "XDG_DATA_HOME": str(home / ".local/share"), "XDG_CONFIG_HOME": str(home / ".config"),
            "PATH": os.environ["PATH"], "DISPLAY": ":no-display", "LC_ALL": "C.UTF-8",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:", "http_proxy": "http://127.0.0.1:9",
        }

    def run(self, *command, **more):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=200, **more)

    def browser(self, *options, **more):
        result = self.run(sys.executable, "-sEB", SUPPORT / "browser.py", *options, **more)
        return result.stdout + result.stderr

    def visits(self):
        log = self.directory / "visits.jsonl"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def await_visits(self, count):
        deadline = time.monotonic() + 120
        while len(self.visits()) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.visits()


class BrowserTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cognito = Cognito("--managed-login")

    @classmethod
    def tearDownClass(cls):
        cls.cognito.stop()

    def setUp(self):
        self.somebody = Somebody()
        self.addCleanup(self.somebody.home.cleanup)
        self.cognito.program.visits.clear()

    def url(self, **changes):
        return SignIn(self.cognito, **changes).url

    @staticmethod
    def paths(visit):
        return [(page["path"], page["status"]) for page in visit["pages"]]

    def signs_in_and_out(self, kind, visit):
        """All that somebody does, each time with a browser started anew."""
        for deed, url, said, asked in (
            ("sign-in", self.url(), WELCOME, True),
            ("sign-in", self.url(), WELCOME, False),
            ("nothing", self.url(prompt="login"), None, True),
            ("cancel", self.url(prompt="login"), WELCOME, True),
            ("sign-in", self.cognito.logout_url(), WELCOME, False),
            ("nothing", self.url(), None, True),
        ):
            visit("--kind", kind, "--do", deed, url, said)
            self.assertEqual(self.somebody.visits()[-1]["asked_password"], asked)
        visits = self.somebody.visits()
        self.assertEqual([visit["error"] for visit in visits], [None] * 6)
        self.assertEqual([self.paths(visit) for visit in visits], [
            [("/oauth2/authorize", 200), ("/signed-in", 200)],
            [("/signed-in", 200)],
            [("/oauth2/authorize", 200)],
            [("/oauth2/authorize", 200), ("/signed-in", 200)],
            [("/signed-out", 200)],
            [("/oauth2/authorize", 200)],
        ])
        self.assertEqual([visit["text"] for visit in visits if visit["pages"][-1]["title"] == "Done"], ["Welcome back."] * 4)
        self.assertEqual(["code" in answer for answer in self.cognito.program.visits], [True, True, False, False])
        self.assertEqual(self.cognito.program.visits[2]["error"], "access_denied")
        return visits

    def at_once(self, *options):
        *options, url, said = options
        output = self.somebody.browser("visit", *options, url)
        if said:
            self.assertEqual(output, said)
        else:
            self.assertRegex(output, "^200\nSign in Username Password")

    def through_gio(self, *options):
        *options, url, _ = options
        count = len(self.somebody.visits())
        self.assertEqual(self.somebody.browser("install", *options), "")
        self.assertEqual(self.somebody.run("gio", "open", url).returncode, 0)
        self.assertEqual(len(self.somebody.await_visits(count + 1)), count + 1)

    def test_the_plain_one_signs_in_and_out(self):
        self.signs_in_and_out("plain", self.at_once)

    def test_the_plain_one_is_what_gio_opens(self):
        self.signs_in_and_out("plain", self.through_gio)

    def test_chromium_signs_in_and_out(self):
        self.has_pictures(self.signs_in_and_out("chromium", self.at_once))

    def test_chromium_is_what_gio_opens(self):
        self.through_gio("--kind", "chromium", self.url(), WELCOME)
        self.has_pictures(self.somebody.visits())

    def test_firefox_signs_in_and_out(self):
        self.has_pictures(self.signs_in_and_out("firefox", self.at_once))

    def test_firefox_is_what_gio_opens(self):
        self.through_gio("--kind", "firefox", self.url(), WELCOME)
        self.has_pictures(self.somebody.visits())

    def has_pictures(self, visits):
        """Of each last page, and where it has dark colours those are in the second."""
        for visit in visits:
            light, dark = (Path(path).read_bytes() for path in visit["pictures"])
            self.assertEqual((light[:4], dark[:4]), (b"\x89PNG", b"\x89PNG"))
            if visit["text"] == "Welcome back.":
                self.assertTrue(light != dark, visit)

    def test_a_page_that_no_server_answers_has_status_0_in_each(self):
        login = self.url(redirect_uri=self.cognito.settings["COGNITO_REDIRECT_URI_2"])
        for kind in ("plain", "chromium", "firefox"):
            with self.subTest(kind):
                self.assertRegex(self.somebody.browser("visit", "--kind", kind, login), "^0\n")
                visit = self.somebody.visits()[-1]
                self.assertEqual(self.paths(visit), [("/oauth2/authorize", 200), ("/signed-in", 0)])
                self.assertIsNone(visit["error"])

    def test_what_goes_wrong_with_the_browser_is_noted(self):
        self.somebody.environment["PATH"] = "/nowhere"
        for kind in ("chromium", "firefox"):
            self.assertRegex(self.somebody.browser("visit", "--kind", kind, self.url()), "is not installed: Sources/Packaging")
            self.assertRegex(self.somebody.visits()[-1]["error"], "is not installed")

    def test_no_secret_is_in_the_notes(self):
        self.cognito.command("fail-once", "--path", "/oauth2/authorize", "--close")
        for _ in range(2):
            self.somebody.browser("visit", self.url())
        notes = (self.somebody.directory / "visits.jsonl").read_text()
        self.assertNotIn("code=", notes)
        self.assertNotIn("state", notes)
        self.assertEqual([self.paths(visit)[0] for visit in self.somebody.visits()],
                         [("/oauth2/authorize", 0), ("/oauth2/authorize", 200)])

    def test_the_url_can_come_from_the_standard_input(self):
        self.assertEqual(self.somebody.browser("visit", input=self.url() + "\n"), WELCOME)

    def test_user_and_password_can_be_others(self):
        self.assertRegex(self.somebody.browser("visit", "--password", "x", self.url()), "^200\nSign in Incorrect")
        self.assertEqual(self.somebody.browser("visit", "--user", "grace", self.url()), WELCOME)

    def test_one_visit_waits_for_another(self):
        self.cognito.command("fail-once", "--path", "/login", "--delay-ms", "3000")
        self.somebody.browser("install")
        for _ in range(2):
            self.somebody.run("gio", "open", self.url())
        # Who started it and reads its output does not wait for it.
        self.assertEqual(self.somebody.visits(), [])
        visits = self.somebody.await_visits(2)
        # The second one finds the cookie of the first.
        self.assertEqual([visit["asked_password"] for visit in visits], [True, False])


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__]))
