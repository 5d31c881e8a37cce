#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A local Cognito, MiniStack or moto, with a user pool, an app client and the users "ada" and "grace".

Run it with the emulator's own Python: .build/python/ministack/bin/python, or .build/python/moto/bin/python for
"--backend moto". Everything it keeps is in the directory D; several can run at once, each in its own.

    local_cognito.py start  --directory D [--backend ministack|moto]
    local_cognito.py stop   --directory D
    local_cognito.py pause  --directory D    from now on the endpoint refuses connections; nothing is forgotten
    local_cognito.py resume --directory D

    local_cognito.py sign-in       --directory D [--user U]                prints {"access", "id", "refresh"}: a new device
    local_cognito.py refresh-works --directory D --refresh-token-file F|-  exits 0, or 1 and prints Cognito's words
    local_cognito.py access-works  --directory D --access-token-file F|-   the same for GetUser
                                                                           (2: no proper answer at all)
    local_cognito.py fail-once --directory D --path P --error E | --close | --delay-ms N

start writes D/cognito.env: COGNITO_ENDPOINT, COGNITO_REGION, COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID, COGNITO_PID.
The endpoint is a counting_proxy.py: D/traffic.json tells what came in. The last four commands pass it by, so they
count for nothing and work during a pause.

MiniStack can be signed in to through a browser, as with Cognito's managed login (managed_login.py has the details):

    local_cognito.py start --directory D --managed-login | --classic-login
                           [--redirect-uri URI]... [--logout-uri URI]... [--client-secret]

D/cognito.env then has COGNITO_HOSTED_UI_DOMAIN too, http://127.0.0.1:PORT, the app client's COGNITO_REDIRECT_URI_1 and so
on, COGNITO_LOGOUT_URI_1 and so on, and its COGNITO_CLIENT_SECRET if it has one. Where no URI is given there are two of
each, on ports that were free. fail-once makes the next request for the path P fail, such as /oauth2/token: with an
error of OAuth, or with an answer that is lost or late. browser.py is somebody who signs in there.
"""

import argparse
import base64
import hmac
import json
import os
import re
import shlex
import signal
import sys
import urllib.error
import urllib.request
from pathlib import Path

from managed_login import FAULT_FIELDS
from processes import await_port, end, free_ports, is_running, spawn

REGION = "us-east-1"
USERS = {"ada": "Engine-1843", "grace": "Compiler-1952"}
SCOPES = ["openid", "email", "aws.cognito.signin.user.admin"]
MINISTACK, MOTO = "ministack", "moto"
MANAGED, CLASSIC = "managed", "classic"

# Loopback only, whatever proxy the environment names.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


# The running emulator, as D/state.json remembers it.

class LocalCognito:
    def __init__(self, directory):
        self.directory = Path(directory).absolute()
        self.file = self.directory / "state.json"
        self.state = json.loads(self.file.read_text()) if self.file.exists() else {}

    def save(self, **changes):
        self.state |= changes
        self.file.write_text(json.dumps(self.state))

    def start(self, backend, login=None, redirect_uris=(), logout_uris=(), has_secret=False):
        if is_running(self.state.get("server")):
            sys.exit(f"local_cognito.py: one is running in {self.directory} already")
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "traffic.json").unlink(missing_ok=True)
        self.state = {}
        port, backend_port, login_port, *own = free_ports(5)
        origins = [f"http://localhost:{own[0]}", f"http://127.0.0.1:{own[1]}"]
        self.save(backend=backend, port=port, backend_port=backend_port, login=login, login_port=login_port,
                  redirect_uris=redirect_uris or [f"{origin}/signed-in" for origin in origins],
                  logout_uris=logout_uris or [f"{origin}/signed-out" for origin in origins])
        try:
            self.start_server()
            self.make_pool(has_secret)
            if login:
                self.start_login()
            self.resume()
        except BaseException:
            self.stop()
            raise
        environment = {
            "COGNITO_ENDPOINT": f"http://127.0.0.1:{self.state['port']}",
            "COGNITO_REGION": REGION,
            "COGNITO_USER_POOL_ID": self.state["user_pool"],
            "COGNITO_CLIENT_ID": self.state["client"],
            "COGNITO_PID": str(self.state["server"]["pid"]),
        }
        if login:
            environment["COGNITO_HOSTED_UI_DOMAIN"] = environment["COGNITO_ENDPOINT"]
            for name, uris in (("REDIRECT", self.state["redirect_uris"]), ("LOGOUT", self.state["logout_uris"])):
                environment |= {f"COGNITO_{name}_URI_{number}": uri for number, uri in enumerate(uris, 1)}
        if self.state["secret"]:
            environment["COGNITO_CLIENT_SECRET"] = self.state["secret"]
        lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in environment.items())
        (self.directory / "cognito.env").write_text(lines)

    def start_server(self):
        port, log = str(self.state["backend_port"]), self.directory / "server.log"
        if self.state["backend"] == MOTO:
            server = spawn([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port], log)
        else:
            server = spawn([sys.executable, "-m", "ministack"], log, BIND_HOST="127.0.0.1", GATEWAY_PORT=port,
                           IOT_MTLS_ENABLED="0", SERVICES="cognito-idp", AUTH="true",
                           STATE_DIR=str(self.directory / "ministack"))
        self.save(server=server)
        await_port(self.state["backend_port"], server, log)

    def start_login(self):
        log, options = self.directory / "login.log", ["--classic"] if self.state["login"] == CLASSIC else []
        login = spawn([sys.executable, beside("managed_login.py"), "--listen", str(self.state["login_port"]),
                       "--to", str(self.state["backend_port"]), *options], log)
        self.save(login_server=login)
        await_port(self.state["login_port"], login, log)

    def stop(self):
        self.pause()
        end(self.state.get("login_server"))
        end(self.state.get("server"))
        (self.directory / "cognito.env").unlink(missing_ok=True)

    def pause(self):
        end(self.state.get("proxy"))

    def resume(self):
        if is_running(self.state.get("proxy")):
            return
        if not is_running(self.state.get("server")):
            sys.exit(f"local_cognito.py: nothing runs in {self.directory}")
        log, target = self.directory / "proxy.log", self.state["login_port" if self.state["login"] else "backend_port"]
        proxy = spawn([sys.executable, beside("counting_proxy.py"), "--listen", str(self.state["port"]),
                       "--to", str(target), "--traffic", str(self.directory / "traffic.json")], log)
        self.save(proxy=proxy)
        await_port(self.state["port"], proxy, log)

    def make_pool(self, has_secret):
        # Nothing of the user's own AWS configuration may take part.
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
        import boto3
        import botocore.config

        cognito = boto3.client(
            "cognito-idp", endpoint_url=self.backend_url(), region_name=REGION, aws_access_key_id="test",
            aws_secret_access_key="test", config=botocore.config.Config(proxies={}, connect_timeout=5, read_timeout=10))
        pool = cognito.create_user_pool(PoolName="test")["UserPool"]["Id"]
        oauth = {
            "AllowedOAuthFlowsUserPoolClient": True, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": SCOPES,
            "SupportedIdentityProviders": ["COGNITO"], "CallbackURLs": self.state["redirect_uris"],
            "LogoutURLs": self.state["logout_uris"],
        }
        while True:
            client = cognito.create_user_pool_client(
                UserPoolId=pool, ClientName="test", EnableTokenRevocation=True, GenerateSecret=has_secret,
                ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                **(oauth if self.state["login"] else {}))["UserPoolClient"]
            if "/" not in client.get("ClientSecret", ""):  # as in none of Cognito's
                break
        if self.state["login"]:
            cognito.create_user_pool_domain(Domain="test", UserPoolId=pool)
        for user, password in USERS.items():
            cognito.admin_create_user(
                UserPoolId=pool, Username=user, MessageAction="SUPPRESS",
                UserAttributes=[{"Name": "email", "Value": f"{user}@example.com"}])
            cognito.admin_set_user_password(UserPoolId=pool, Username=user, Password=password, Permanent=True)
        self.save(user_pool=pool, client=client["ClientId"], secret=client.get("ClientSecret"))

    # Requests

    def backend_url(self):
        return f"http://127.0.0.1:{self.state['backend_port']}"

    def call(self, operation, **fields):
        """Sends one unsigned request; returns the reply, or raises Refused when the answer is an error of Cognito's."""
        request = urllib.request.Request(self.backend_url() + "/", json.dumps(fields).encode(), {
            "X-Amz-Target": "AWSCognitoIdentityProviderService." + operation,
            "Content-Type": "application/x-amz-json-1.1",
        })
        try:
            with opener.open(request, timeout=10) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            if error.code != 400:
                raise
            words = error.read().decode("utf-8", "replace")
            # Emulators echo tokens.
            raise Refused(re.sub(r"[A-Za-z0-9_.~+/=%-]{24,}", "[redacted]", words)) from None

    def sign_in(self, user):
        parameters = {"USERNAME": user, "PASSWORD": USERS[user]} | self.secret_hash(user)
        result = self.call("InitiateAuth", AuthFlow="USER_PASSWORD_AUTH", ClientId=self.state["client"],
                           AuthParameters=parameters)["AuthenticationResult"]
        return {"access": result["AccessToken"], "id": result["IdToken"], "refresh": result["RefreshToken"]}

    def secret_hash(self, user):
        secret = self.state["secret"]
        if not secret:
            return {}
        digest = hmac.digest(secret.encode(), (user + self.state["client"]).encode(), "sha256")
        return {"SECRET_HASH": base64.b64encode(digest).decode()}

    def refresh(self, token):
        client, secret = self.state["client"], self.state["secret"]
        if self.state["backend"] == MOTO:  # which has no GetTokensFromRefreshToken
            self.call("InitiateAuth", AuthFlow="REFRESH_TOKEN_AUTH", ClientId=client, AuthParameters={"REFRESH_TOKEN": token})
        else:
            self.call("GetTokensFromRefreshToken", RefreshToken=token, ClientId=client,
                      **({"ClientSecret": secret} if secret else {}))

    def fail_once(self, fault):
        url = f"http://127.0.0.1:{self.state['login_port']}/_control/fail-once"
        opener.open(urllib.request.Request(url, json.dumps(fault).encode()), timeout=10).close()


class Refused(Exception):
    """The emulator answered with an error; its words, without tokens."""


def beside(name):
    """The path of another file of this folder."""
    return str(Path(__file__).with_name(name))


def read_token(path):
    return (sys.stdin.read() if path == "-" else Path(path).read_text()).strip()


def main():
    parser = argparse.ArgumentParser(description="A local Cognito for tests.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("start", "stop", "pause", "resume", "sign-in", "refresh-works", "access-works", "fail-once"):
        command = commands.add_parser(name)
        command.add_argument("--directory", required=True)
        if name == "start":
            command.add_argument("--backend", choices=[MINISTACK, MOTO], default=MINISTACK)
            command.add_argument("--managed-login", dest="login", action="store_const", const=MANAGED)
            command.add_argument("--classic-login", dest="login", action="store_const", const=CLASSIC)
            command.add_argument("--redirect-uri", dest="redirect_uris", action="append", default=[])
            command.add_argument("--logout-uri", dest="logout_uris", action="append", default=[])
            command.add_argument("--client-secret", dest="has_secret", action="store_true")
        elif name == "sign-in":
            command.add_argument("--user", choices=USERS, default="ada")
        elif name == "fail-once":
            command.add_argument("--path", required=True)
            fault = command.add_mutually_exclusive_group(required=True)
            fault.add_argument("--error", default=argparse.SUPPRESS)
            fault.add_argument("--close", action="store_true", default=argparse.SUPPRESS)
            fault.add_argument("--delay-ms", type=int, default=argparse.SUPPRESS)
        elif name.endswith("-works"):
            command.add_argument(f"--{name.removesuffix('-works')}-token-file", dest="token_file", required=True)
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a start that is broken off cleans up
    cognito = LocalCognito(options.directory)
    if options.command not in ("start", "stop") and not cognito.state:
        sys.exit(f"local_cognito.py: nothing was started in {options.directory}")
    try:
        match options.command:
            case "start":
                cognito.start(options.backend, options.login, options.redirect_uris, options.logout_uris, options.has_secret)
            case "stop":
                cognito.stop()
            case "pause":
                cognito.pause()
            case "resume":
                cognito.resume()
            case "sign-in":
                print(json.dumps(cognito.sign_in(options.user)))
            case "refresh-works":
                cognito.refresh(read_token(options.token_file))
            case "access-works":
                cognito.call("GetUser", AccessToken=read_token(options.token_file))
            case "fail-once":
                cognito.fail_once({name: value for name, value in vars(options).items() if name in FAULT_FIELDS})
    except Refused as refused:
        print(refused)
        return 1
    except urllib.error.URLError as error:
        print(f"local_cognito.py: no proper answer from the emulator: {error.reason}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
