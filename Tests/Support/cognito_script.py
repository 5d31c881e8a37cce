# SPDX-License-Identifier: Apache-2.0
"""What scripted_cognito.py was asked, and what it will answer: as a test said, or as a Cognito with which all is well."""

import base64
import hashlib
import hmac
import json
import threading
import time
import uuid

from cognito_pool import Pool, Refused

HOLD_LIMIT = 60
DEFAULT_SETTINGS = {
    "sub": "5f4c1f2e-8f0b-4a35-9d0e-2f6f3c1b7a10",
    "username": "ada",
    "access_exp": None,
    "rotate": None,
    "user_pool_id": "us-east-1_Scripted1",
    "nonce": None,
    "access_claims": {},
    "id_claims": {},
}
REPLY_FIELDS = {
    "hold", "delay_ms", "goaway", "error", "end", "close", "default", "known", "echo", "raw", "continues", "status",
    "headers", "header_size", "line_size", "body", "body_size", "trailer_size", "header_drip_ms", "drip_ms", "cut_head_after", "cut_after",
    "keep_alive",
}
FILLER = b"0123456789abcdef" * 4096
EXCHANGE = "/oauth2/token"
SECRETS = ("AccessToken", "Token", "RefreshToken", "code", "code_verifier")


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def jwt(claims):
    """An HS256 token; nobody checks its signature, so any key does."""
    parts = [base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signature = hmac.digest(b"scripted-cognito", b".".join(parts), hashlib.sha256)
    return b".".join([*parts, base64url(signature)]).decode()


def changed(claims, changes):
    """Claims with others in their place; null takes one away."""
    return {name: value for name, value in (claims | changes).items() if value is not None}


def operation_of(headers, path):
    """What a request asks for: OAuth's requests are told by their path."""
    return headers.get("x-amz-target", "").rpartition(".")[2] or path.partition("?")[0]


def usual_headers(operation):
    kind = "application/json;charset=UTF-8" if operation == EXCHANGE else "application/x-amz-json-1.1"
    return {"content-type": kind, "x-amzn-requestid": str(uuid.uuid4())}


def content(script, reply, operation, request_body):
    """The reply's status and body bytes."""
    if reply.get("default"):
        status, body = script.default_reply(operation, request_body)
    elif reply.get("echo"):
        asked = request_body if isinstance(request_body, dict) else {}
        message = "Invalid token: " + " ".join(str(asked[name]) for name in SECRETS if name in asked)
        status, body = 400, {"__type": "NotAuthorizedException", "message": message}
        if operation == EXCHANGE:
            body = {"error": "invalid_grant", "error_description": message}
    else:
        status, body = 200, reply.get("body", "")
    if reply.get("known"):
        script.pool.add(script.settings["sub"], body["access_token"], body["refresh_token"])
    size = reply.get("body_size")
    if size is not None:
        data = (FILLER * (size // len(FILLER) + 1))[:size]
    elif isinstance(body, str):
        data = body.encode("utf-8", "surrogateescape")
    else:
        data = json.dumps(body).encode()
    return reply.get("status", status), data


class Script:
    """What was asked, and what will be answered: all state that control requests and connections share."""

    def __init__(self):
        self.changed = threading.Condition()
        self.epoch = 0  # counts resets
        self.releases = 0
        self.reset()

    def reset(self):
        with self.changed:
            self.epoch += 1
            self.connections = 0
            self.requests = []
            self.replies = {}
            self.settings = dict(DEFAULT_SETTINGS)
            self.pool = Pool()
            self.release()

    def release(self):
        with self.changed:
            self.releases += 1
            self.changed.notify_all()

    def wait_for_release(self, releases_seen):
        with self.changed:
            self.changed.wait_for(lambda: self.releases != releases_seen, HOLD_LIMIT)

    def set_replies(self, operation, replies, then="last"):
        if then not in ("last", "default"):
            raise ValueError("then is last or default")
        if unknown := {field for reply in replies for field in reply} - REPLY_FIELDS:
            raise ValueError(f"unknown reply fields: {sorted(unknown)}")
        with self.changed:
            self.replies[operation] = (list(replies), then)

    def next_reply(self, operation):
        replies, then = self.replies.get(operation, ([], "default"))
        if not replies:
            return {"default": True}
        return replies.pop(0) if len(replies) > 1 or then == "default" else replies[0]

    def default_reply(self, operation, request_body):
        """The status and body of a Cognito with which all is well, or that knows which tokens are good."""
        with self.changed:
            if self.pool.sessions and operation != EXCHANGE:
                return self.answer_of_pool(operation, request_body)
        if operation in ("GlobalSignOut", "RevokeToken"):
            return 200, {}
        if operation == "GetUser":
            attributes = [{"Name": "sub", "Value": self.settings["sub"]}]
            return 200, {"Username": self.settings["username"], "UserAttributes": attributes}
        if operation == "GetTokensFromRefreshToken":
            return 200, {"AuthenticationResult": self.tokens()}
        if operation == EXCHANGE:
            return 200, self.exchange(request_body if isinstance(request_body, dict) else {})
        return 400, {"__type": "UnknownOperationException"}

    def answer_of_pool(self, operation, request_body):
        try:
            match operation:
                case "GlobalSignOut":
                    self.pool.sign_out(request_body["AccessToken"])
                case "RevokeToken":
                    self.pool.revoke(request_body["Token"])
                case "GetTokensFromRefreshToken":
                    tokens = self.tokens() | {"RefreshToken": "refresh-" + str(uuid.uuid4())}
                    self.pool.refresh(request_body["RefreshToken"], tokens)
                    return 200, {"AuthenticationResult": tokens}
                case _:
                    return 400, {"__type": "UnknownOperationException"}
        except Refused as refused:
            return 400, {"__type": "NotAuthorizedException", "message": str(refused)}
        return 200, {}

    def claims(self):
        """Those of the access token and of the ID token."""
        now = int(time.time())
        settings = self.settings
        common = {
            "sub": settings["sub"],
            "iat": now,
            "exp": settings["access_exp"] or now + 3600,
            "origin_jti": str(uuid.uuid4()),
        }
        access = {"token_use": "access", "username": settings["username"], "jti": str(uuid.uuid4())}
        identity = {"token_use": "id", "cognito:username": settings["username"], "jti": str(uuid.uuid4())}
        return common | access, common | identity

    def tokens(self):
        """What a refresh gets."""
        access, identity = self.claims()
        tokens = {
            "AccessToken": jwt(access),
            "IdToken": jwt(identity),
            "ExpiresIn": access["exp"] - access["iat"],
            "TokenType": "Bearer",
        }
        if self.settings["rotate"] is not None:
            tokens["RefreshToken"] = self.settings["rotate"]
        return tokens

    def exchange(self, form):
        """What a code gets: tokens for the client that asks."""
        settings = self.settings
        access, identity = self.claims()
        pool, client = settings["user_pool_id"], form.get("client_id")
        issuer = f"https://cognito-idp.{pool.partition('_')[0]}.amazonaws.com/{pool}"
        access |= {"iss": issuer, "client_id": client, "scope": "openid aws.cognito.signin.user.admin"}
        access_token = jwt(changed(access, settings["access_claims"]))
        identity |= {
            "iss": issuer,
            "aud": client,
            "nonce": settings["nonce"],
            "at_hash": base64url(hashlib.sha256(access_token.encode()).digest()[:16]).decode(),
        }
        return {
            "access_token": access_token,
            "id_token": jwt(changed(identity, settings["id_claims"])),
            "refresh_token": settings["rotate"] or "refresh-" + str(uuid.uuid4()),
            "token_type": "Bearer",
            "expires_in": access["exp"] - access["iat"],
        }
