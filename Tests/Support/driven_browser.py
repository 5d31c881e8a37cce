# SPDX-License-Identifier: Apache-2.0
"""Debian's Chromium and Firefox, without a window, driven by WebDriver's commands: Chromium by its driver over HTTP, Firefox
by its own Marionette over TCP."""

import base64
import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time

from browser_page import Page

LIMIT = 60
SIZE = 900, 640
# The key under which WebDriver names an element.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
LOOK = """
  const navigation = performance.getEntriesByType('navigation')[0];
  const isError = /^(about:neterror|chrome-error:)/.test(document.documentURI);
  return {status: navigation && !isError ? navigation.responseStatus : 0, title: document.title,
          text: document.body && !isError ? document.body.innerText : '',
          isComplete: document.readyState === 'complete' || isError,
          asksPassword: document.querySelector('input[type=password]') !== null};
"""


class BrowserFailed(Exception):
    """The browser or its driver did not do what it was told."""


class ErrorPage(BrowserFailed):
    """No server answered, and the browser says so in a page of its own."""

    @staticmethod
    def or_failure(message):
        """What WebDriver's error means; its message may have the page's URL in it, with its query."""
        message = re.sub(r"\?\S*", "", message.splitlines()[0])
        return (ErrorPage if re.search("net::ERR_|Reached error page", message) else BrowserFailed)(message)


def executable(name):
    if path := shutil.which(name):
        return path
    raise BrowserFailed(f"{name} is not installed: Sources/Packaging/install-dependencies.sh --tests")


def awaited(read, what):
    """What `read` returns once that is something."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        if result := read():
            return result
        time.sleep(0.05)
    raise BrowserFailed(f"{what} did not come")


def contents(path):
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


class DrivenBrowser:
    """What both have in common: they are told the same with different names."""

    def open(self, url):
        return self.page_after(lambda: self.navigate(url))

    def sign_in(self, _, user, password):
        self.type("#username", user)
        self.type("#password", password)
        return self.page_after(lambda: self.click("button[type=submit]"))

    def cancel(self, _):
        return self.page_after(lambda: self.click("#cancel"))

    def page_after(self, act):
        """The page that `act` leads to, once it is complete."""
        before = self.address()
        with contextlib.suppress(ErrorPage):
            act()

        def complete():
            try:
                url, seen = self.address(), self.run(LOOK)
            except BrowserFailed:  # between two pages
                return None
            if url == before or not seen["isComplete"]:
                return None
            return Page(url, seen["status"], seen["title"], " ".join(seen["text"].split()), seen["asksPassword"])

        return awaited(complete, "the next page")

    def take_pictures(self, number):
        """Of the page as it is, in light and in dark colours."""
        paths = []
        for scheme in ("light", "dark"):
            self.prefer(scheme)
            awaited(lambda: self.run(f"return matchMedia('(prefers-color-scheme: {scheme})').matches"), f"{scheme} colours")
            path = self.directory / f"{number}-{scheme}.png"
            path.write_bytes(base64.b64decode(self.picture()))
            paths.append(str(path))
        return paths

    def start(self, command, **environment):
        with open(self.directory / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, env=os.environ | environment)

    def end(self):
        """The process, if it has not ended by itself, and all that it started."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Chromium(DrivenBrowser):
    name = "chromium"

    def __init__(self, directory):
        self.directory, self.session = directory, None
        arguments = [
            "--headless=new", f"--user-data-dir={directory / 'chromium'}", f"--window-size={SIZE[0]},{SIZE[1]}",
            # Nothing goes out, whatever it would like to look up; cookies are not encrypted with a key from the keyring.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]",
            "--no-proxy-server", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--password-store=basic", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
        ]
        # Its sandbox does not work for root.
        arguments += ["--no-sandbox"] if os.geteuid() == 0 else []
        log = directory / "chromium.log"
        log.write_text("")
        self.start([executable("chromedriver"), "--port=0"])
        try:
            found = awaited(lambda: re.search(r"started successfully on port (\d+)", contents(log)), "chromedriver")
            self.port = int(found[1])
            options = {"binary": executable("chromium"), "args": arguments}
            session = self.ask("POST", "/session", {
                "capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}})
            self.session, self.browser = session["sessionId"], session["capabilities"]["goog:processID"]
        except BaseException:
            self.close()
            raise

    def ask(self, method, path, body=None):
        driver = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        with contextlib.closing(driver):
            driver.request(method, path, json.dumps(body) if body is not None else None)
            value = json.loads(driver.getresponse().read())["value"]
        if isinstance(value, dict) and "error" in value:
            raise ErrorPage.or_failure(value["message"])
        return value

    def tell(self, command, body):
        return self.ask("POST", f"/session/{self.session}/{command}", body)

    def navigate(self, url):
        self.tell("url", {"url": url})

    def address(self):
        return self.ask("GET", f"/session/{self.session}/url")

    def run(self, script):
        return self.tell("execute/sync", {"script": script, "args": []})

    def find(self, selector):
        return self.tell("element", {"using": "css selector", "value": selector})[ELEMENT]

    def type(self, selector, text):
        self.tell(f"element/{self.find(selector)}/value", {"text": text})

    def click(self, selector):
        self.tell(f"element/{self.find(selector)}/click", {})

    def prefer(self, scheme):
        self.tell("goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]}})

    def picture(self):
        return self.ask("GET", f"/session/{self.session}/screenshot")

    def close(self):
        # The session's end is what writes the cookies; the driver's comes after it.
        if self.session:
            with contextlib.suppress(OSError, BrowserFailed):
                self.ask("DELETE", f"/session/{self.session}")
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.browser, signal.SIGKILL)
        self.process.terminate()
        self.end()


class Firefox(DrivenBrowser):
    name = "firefox"
    PREFERENCES = {
        "marionette.port": 0,
        # Nothing goes out: all but the loopback is asked of a proxy that is not there, and nothing passes it by.
        "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9,
        "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9,
        "network.proxy.failover_direct": False, "network.proxy.allow_bypass": False, "network.trr.mode": 5,
        "app.normandy.enabled": False, "datareporting.policy.dataSubmissionEnabled": False,
        "toolkit.telemetry.enabled": False, "extensions.update.enabled": False,
        "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
        "browser.shell.checkDefaultBrowser": False, "browser.aboutwelcome.enabled": False,
        "signon.rememberSignons": False,
    }

    def __init__(self, directory):
        self.directory, self.number, self.connection = directory, 0, None
        profile = directory / "firefox"
        profile.mkdir(parents=True, exist_ok=True)
        (profile / "user.js").write_text("".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in self.PREFERENCES.items()))
        port_file = profile / "MarionetteActivePort"
        port_file.unlink(missing_ok=True)
        self.start([executable("firefox-esr"), "--headless", "--no-remote", "--profile", str(profile), "--marionette",
                    "--remote-allow-system-access"], MOZ_HEADLESS_WIDTH=str(SIZE[0]), MOZ_HEADLESS_HEIGHT=str(SIZE[1]))
        try:
            port = int(awaited(lambda: contents(port_file), "Firefox"))
            self.connection = socket.create_connection(("127.0.0.1", port), LIMIT)
            self.stream = self.connection.makefile("rb")
            self.receive()
            self.tell("WebDriver:NewSession", {})
        except BaseException:
            self.close()
            raise

    def receive(self):
        length = b"".join(iter(lambda: self.stream.read(1).replace(b":", b""), b""))
        if not length:
            raise BrowserFailed("Firefox hung up")
        return json.loads(self.stream.read(int(length)))

    def tell(self, command, parameters):
        self.number += 1
        message = json.dumps([0, self.number, command, parameters]).encode()
        self.connection.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self.receive()
        if error:
            raise ErrorPage.or_failure(error["message"])
        return result.get("value", result) if isinstance(result, dict) else result

    def navigate(self, url):
        self.tell("WebDriver:Navigate", {"url": url})

    def address(self):
        return self.tell("WebDriver:GetCurrentURL", {})

    def run(self, script):
        return self.tell("WebDriver:ExecuteScript", {"script": script, "args": []})

    def find(self, selector):
        return self.tell("WebDriver:FindElement", {"using": "css selector", "value": selector})[ELEMENT]

    def type(self, selector, text):
        self.tell("WebDriver:ElementSendKeys", {"id": self.find(selector), "text": text})

    def click(self, selector):
        self.tell("WebDriver:ElementClick", {"id": self.find(selector)})

    def prefer(self, scheme):
        dark = {"dark": 0, "light": 1}[scheme]
        self.tell("Marionette:SetContext", {"value": "chrome"})
        self.run(f"Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', {dark})")
        self.tell("Marionette:SetContext", {"value": "content"})

    def picture(self):
        return self.tell("WebDriver:TakeScreenshot", {"full": False})

    def close(self):
        if self.connection:
            with contextlib.suppress(OSError, BrowserFailed):
                self.tell("Marionette:Quit", {"flags": ["eForceQuit"]})
            self.connection.close()
        else:
            self.process.terminate()
        self.end()


BROWSERS = {browser.name: browser for browser in (Chromium, Firefox)}
