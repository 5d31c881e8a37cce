#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns MiniStack's login pages into Cognito's managed login, which remembers a browser.

    managed_login.py --listen PORT --to PORT [--classic]

It passes every request on to MiniStack, which has no cookies and knows no `prompt`, and adds what Cognito does beyond:

- Who logs in gets a cookie for an hour. /oauth2/authorize sends a browser that has it straight back to the program, with
  a code that MiniStack issued. /logout takes the cookie away; GlobalSignOut and RevokeToken do not.
- `prompt=login` (and `select_account`) shows the login form all the same, and `prompt=none` answers login_required without
  a cookie. With --classic it is the older hosted UI, which ignores `prompt`.
- The login form has a link "Cancel", which sends the browser back with access_denied.
- Redirects with the errors of `STATELESS` carry no `state`.
- The ID token has an `at_hash`; its signature, which no longer fits, stays as it was.

A test makes the next request for a path fail, at this port:

    POST /_control/fail-once  {"path": "/oauth2/token", "error": "server_error"}   as Cognito says it: a redirect, or HTTP 400
                              {"path": "/oauth2/token", "close": true}             MiniStack has answered; nobody hears it
                              {"path": "/oauth2/token", "delay_ms": 3000}          MiniStack has answered; it comes late

It listens on 127.0.0.1, until SIGTERM.
"""

import argparse
import base64
import hashlib
import html
import http.client
import http.cookies
import http.server
import json
import os
import secrets
import signal
import socketserver
import sys
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

STATELESS = {"invalid_request", "unauthorized_client", "invalid_scope", "server_error"}
COOKIE, COOKIE_LIFETIME = "cognito", 3600
FAULT_FIELDS = {"path", "error", "close", "delay_ms"}
# What concerns one connection only, or is said anew.
HOP_HEADERS = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass
class Reply:
    status: int
    headers: list = field(default_factory=list)
    body: bytes = b""

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def redirects_with_code(self):
        return self.status == 302 and "code" in parameters(urlsplit(self.header("Location")).query)


def parameters(text):
    return dict(parse_qsl(text, keep_blank_values=True))


def json_reply(status, value):
    return Reply(status, [("Content-Type", "application/json")], json.dumps(value).encode())


def redirect_with_error(asked, error):
    answer = {"error": error}
    if error not in STATELESS and "state" in asked:
        answer["state"] = asked["state"]
    return Reply(302, [("Location", with_query(asked.get("redirect_uri", ""), answer)), ("Cache-Control", "no-store")])


def with_query(url, answer):
    return url + ("&" if "?" in url else "?") + urlencode(answer)


def without_state(location):
    """A redirect as Cognito sends it."""
    parts = urlsplit(location)
    answer = parameters(parts.query)
    if answer.get("error") in STATELESS:
        answer.pop("state", None)
    return urlunsplit(parts._replace(query=urlencode(answer)))


def with_cancel(page, asked):
    """The login form, with a link that declines, and an icon, so that browsers ask for none."""
    answer = {"error": "access_denied", "error_description": "The user declined."}
    answer |= {"state": asked["state"]} if "state" in asked else {}
    link = f'<a id="cancel" href="{html.escape(with_query(asked.get("redirect_uri", ""), answer))}">Cancel</a>\n'
    return page.replace(b"</form>", link.encode() + b"</form>").replace(b"</head>", b'<link rel="icon" href="data:,"></head>')


def with_at_hash(tokens):
    """OpenID Connect Core 3.1.3.6: the left half of the access token's hash, in the ID token."""
    if "id_token" not in tokens:
        return tokens
    header, payload, signature = tokens["id_token"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["at_hash"] = base64url(hashlib.sha256(tokens["access_token"].encode()).digest()[:16])
    return tokens | {"id_token": ".".join([header, base64url(json.dumps(claims).encode()), signature])}


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Memory:
    """The browsers that are logged in, by cookie, and the faults to come, by path."""

    def __init__(self):
        self.lock = threading.Lock()
        self.users, self.faults = {}, {}

    def remember(self, user, password):
        cookie = secrets.token_urlsafe(32)
        with self.lock:
            self.users[cookie] = user, password
        return cookie

    def user(self, cookie):
        with self.lock:
            return self.users.get(cookie)

    def forget(self, cookie):
        with self.lock:
            self.users.pop(cookie, None)

    def add_fault(self, fault):
        with self.lock:
            self.faults.setdefault(fault["path"], []).append(fault)

    def next_fault(self, path):
        with self.lock:
            faults = self.faults.get(path)
            return faults.pop(0) if faults else {}


class Request(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        if path.startswith("/_control/"):
            return self.send(self.control(path, body))
        fault = self.server.memory.next_fault(path)
        reply = self.fail(path, body, fault["error"]) if "error" in fault else self.reply(path, body)
        time.sleep(fault.get("delay_ms", 0) / 1000)
        if fault.get("close"):
            self.close_connection = True
        else:
            self.send(reply)

    do_GET = do_POST = do_HEAD = do_OPTIONS = do_PUT = do_DELETE = answer

    def reply(self, path, body):
        match self.command, path:
            case "GET", "/oauth2/authorize":
                return self.authorize(parameters(urlsplit(self.path).query))
            case "POST", "/login":
                return self.log_in(body)
            case "GET", "/logout":
                return self.log_out()
            case "POST", "/oauth2/token":
                return self.exchange(body)
            case _:
                return self.pass_on(body)

    def authorize(self, asked):
        reply = self.pass_on()
        if reply.status == 302:
            location = without_state(reply.header("Location"))
            return Reply(302, [("Location", location), ("Cache-Control", "no-store")])
        if reply.status != 200:
            return reply
        prompt = "" if self.server.is_classic else asked.get("prompt", "")
        known = self.server.memory.user(self.cookie())
        if known and prompt not in ("login", "select_account"):
            straight = self.ask_for_code(asked, *known)
            if straight.redirects_with_code:
                return straight
        if prompt == "none":
            return redirect_with_error(asked, "login_required")
        reply.body = with_cancel(reply.body, asked)
        return reply

    def ask_for_code(self, asked, user, password):
        """Logs in at MiniStack for a browser that it does not remember."""
        form = urlencode(asked | {"username": user, "password": password}).encode()
        return self.pass_on(form, "POST", "/login", {"Content-Type": "application/x-www-form-urlencoded"})

    def log_in(self, body):
        reply, form = self.pass_on(body), parameters(body.decode())
        if reply.redirects_with_code:
            self.server.memory.forget(self.cookie())
            cookie = self.server.memory.remember(form["username"], form["password"])
            reply.headers.append(("Set-Cookie", f"{COOKIE}={cookie}; Path=/; Max-Age={COOKIE_LIFETIME}; HttpOnly; SameSite=Lax"))
        reply.body = with_cancel(reply.body, form)
        return reply

    def log_out(self):
        reply = self.pass_on()
        if reply.status == 302:
            self.server.memory.forget(self.cookie())
            reply.headers.append(("Set-Cookie", f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"))
        return reply

    def exchange(self, body):
        reply = self.pass_on(body)
        return json_reply(200, with_at_hash(json.loads(reply.body))) if reply.status == 200 else reply

    def fail(self, path, body, error):
        if path == "/oauth2/token":
            return json_reply(400, {"error": error})
        return redirect_with_error(parameters(body.decode() or urlsplit(self.path).query), error)

    def control(self, path, body):
        fault = json.loads(body)
        if path != "/_control/fail-once" or "path" not in fault or set(fault) - FAULT_FIELDS:
            return json_reply(400, {"error": "no such control request"})
        self.server.memory.add_fault(fault)
        return json_reply(200, {})

    def cookie(self):
        cookies = http.cookies.SimpleCookie(self.headers.get("Cookie", ""))
        return cookies[COOKIE].value if COOKIE in cookies else None

    # To MiniStack, and back to the browser

    def pass_on(self, body=b"", method=None, target=None, headers=None):
        backend = http.client.HTTPConnection("127.0.0.1", self.server.backend_port, timeout=60)
        if headers is None:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_HEADERS}
        try:
            backend.request(method or self.command, target or self.path, body or None, headers)
            reply = backend.getresponse()
            kept = [(name, value) for name, value in reply.getheaders() if name.lower() not in HOP_HEADERS]
            return Reply(reply.status, kept, reply.read())
        finally:
            backend.close()

    def send(self, reply):
        self.send_response_only(reply.status)
        for name, value in reply.headers + [("Content-Length", str(len(reply.body)))]:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, *_):
        pass  # Request lines have codes in them.


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port, backend_port, is_classic):
        super().__init__(("127.0.0.1", port), Request)
        self.backend_port, self.is_classic, self.memory = backend_port, is_classic, Memory()

    def handle_error(self, request, client_address):
        # A browser closes connections when it likes.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description="Cognito's managed login, in front of MiniStack.")
    parser.add_argument("--listen", type=int, required=True)
    parser.add_argument("--to", type=int, required=True)
    parser.add_argument("--classic", action="store_true")
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    Server(options.listen, options.to, options.classic).serve_forever()


if __name__ == "__main__":
    sys.exit(main())
