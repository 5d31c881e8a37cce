# SPDX-License-Identifier: Apache-2.0
"""Who takes part when a program signs in through a browser: the program, and a local Cognito with login pages."""

import base64
import hashlib
import http.server
import json
import secrets
import shlex
import socketserver
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

SUPPORT = Path(__file__).absolute().parent
PYTHON = SUPPORT.parent.parent / ".build/python/ministack/bin/python"
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Program(socketserver.ThreadingTCPServer):
    """What a program has that signs in: a port at which the browser comes back."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, uri):
        self.visits = []
        program = self

        class Visit(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                if parts.path != "/favicon.ico":
                    program.visits.append(dict(parse_qsl(parts.query)))
                page = b'<meta name="color-scheme" content="light dark"><title>Done</title><p>Welcome back.</p>'
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", urlsplit(uri).port), Visit)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()


class Cognito:
    """A local_cognito.py that has login pages."""

    def __init__(self, *options):
        self.directory = tempfile.TemporaryDirectory()
        self.command("start", *options)
        lines = Path(self.directory.name, "cognito.env").read_text().splitlines()
        self.settings = {name: shlex.split(value)[0] for name, _, value in (line.partition("=") for line in lines)}
        self.url, self.client = self.settings["COGNITO_HOSTED_UI_DOMAIN"], self.settings["COGNITO_CLIENT_ID"]
        self.redirect_uri, self.logout_uri = self.settings["COGNITO_REDIRECT_URI_1"], self.settings["COGNITO_LOGOUT_URI_1"]
        self.program = Program(self.redirect_uri)

    def command(self, name, *options, **more):
        return subprocess.run(
            [PYTHON, "-sEB", SUPPORT / "local_cognito.py", name, "--directory", self.directory.name, *options],
            check=more.pop("check", True), capture_output=True, text=True, **more)

    def stop(self):
        self.program.stop()
        self.command("stop")
        self.directory.cleanup()

    def operations(self):
        return json.loads(Path(self.directory.name, "traffic.json").read_text())["operations"]

    def logout_url(self, uri=None):
        return f"{self.url}/logout?" + urlencode({"client_id": self.client, "logout_uri": uri or self.logout_uri})

    def post(self, path, body, headers):
        """The reply's status and its JSON."""
        request = urllib.request.Request(self.url + path, body, headers)
        try:
            with opener.open(request, timeout=20) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def call(self, operation, **fields):
        return self.post("/", json.dumps(fields).encode(), {
            "X-Amz-Target": "AWSCognitoIdentityProviderService." + operation,
            "Content-Type": "application/x-amz-json-1.1"})


class SignIn:
    """One sign-in of a program's: what it asks for, and what it gets for the code."""

    def __init__(self, cognito, **changes):
        self.cognito, self.verifier, self.state = cognito, secrets.token_urlsafe(32), secrets.token_urlsafe(16)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": cognito.client, "redirect_uri": cognito.redirect_uri,
            "scope": "openid email aws.cognito.signin.user.admin", "state": self.state, "nonce": "n-1",
            "code_challenge": challenge, "code_challenge_method": "S256",
        }
        self.url = f"{cognito.url}/oauth2/authorize?{urlencode(asked | changes)}"

    def exchange(self, code, secret=None, **changes):
        form = {"grant_type": "authorization_code", "client_id": self.cognito.client, "code": code,
                "redirect_uri": self.cognito.redirect_uri, "code_verifier": self.verifier}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if secret:
            headers["Authorization"] = "Basic " + base64.b64encode(f"{self.cognito.client}:{secret}".encode()).decode()
        return self.cognito.post("/oauth2/token", urlencode(form | changes).encode(), headers)
