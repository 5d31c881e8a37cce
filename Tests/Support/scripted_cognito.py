#!/usr/bin/env python3
"""A Cognito on the loopback that answers as a test tells it to, well or badly, and remembers what it was asked.

    scripted_cognito.py [--port N] [--url-file F] [--control-url-file F] [--tls-cert F --tls-key F] [--lifetime SECONDS]

Without a script, GlobalSignOut, RevokeToken and GetTokensFromRefreshToken succeed. A test changes that over plain HTTP
at the control URL: the same port, or with TLS a second one.

    POST /_control/reset
    POST /_control/script      {"operation": "RevokeToken", "replies": [REPLY, ...], "then": "last" | "default"}
    POST /_control/settings    {"sub": ..., "username": ..., "access_exp": seconds | null, "rotate": token | null}
    POST /_control/release     lets every request go on that is held at this moment
    GET  /_control/requests    [{"connection", "operation", "method", "path", "headers", "body"}, ...]
    GET  /_control/connections {"count": n}, the connections that have carried a service request

A REPLY's fields, all optional, in the order in which they take effect:

    hold            true: wait for /_control/release, at most a minute
    delay_ms        wait
    close           "before_reply" or "reset": end the connection (FIN or RST) without a byte
    default         true: status, headers and body are what they are without a script
    echo            true: 400 NotAuthorizedException whose message repeats the request's tokens
    status          200 unless given
    headers         added to the usual ones or replacing them; null takes one away
    body            text (the character U+DCxx sends the byte xx, so any bytes can be sent) or any other JSON; else empty
    body_size       that many bytes of filler instead
    header_drip_ms  send status line and headers byte by byte with this pause
    drip_ms         send the body byte by byte with this pause
    cut_after       end the connection after this many bytes of the body, of which Content-Length promised all
    keep_alive      false: say "Connection: close", and do it
"""

import argparse
import http
import json
import os
import signal
import socket
import socketserver
import ssl
import struct
import sys
import tempfile
import threading
import time
import uuid

from cognito_script import DEFAULT_SETTINGS, Script

FILLER = b"0123456789abcdef" * 4096


class ClientGone(Exception):
    """The client ended the connection, or sent something that is not HTTP."""


class Connection(socketserver.BaseRequestHandler):
    """One connection, request after request."""

    timeout = 120

    def setup(self):
        self.script = self.server.script
        self.buffer = b""
        self.epoch = None
        self.request.settimeout(self.timeout)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle(self):
        try:
            if self.server.tls is not None:
                self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            while self.answer_one():
                pass
        except (ClientGone, OSError):  # ssl.SSLError is an OSError
            pass

    def finish(self):
        self.request.close()  # socketserver knows only the socket below TLS

    # Reading

    def receive(self):
        data = self.request.recv(65536)
        if not data:
            raise ClientGone
        self.buffer += data

    def read_request(self):
        while b"\r\n\r\n" not in self.buffer:
            self.receive()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        try:
            first, *lines = head.decode("latin-1").split("\r\n")
            method, path, _ = first.split(" ")
            headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            length = int(headers.get("content-length", 0))
        except ValueError:
            raise ClientGone from None
        if headers.get("expect", "").lower() == "100-continue":
            self.request.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(self.buffer) < length:
            self.receive()
        body, self.buffer = self.buffer[:length].decode("utf-8", "replace"), self.buffer[length:]
        try:
            body = json.loads(body)
        except ValueError:
            pass
        return method, path, headers, body

    # Answering

    def answer_one(self):
        """Answers one request; says whether the connection lives on."""
        method, path, headers, body = self.read_request()
        if self.server.control and path.startswith("/_control/"):
            return self.answer_control(method, path, body)
        if not self.server.service:
            return self.send(404, {}, b"")
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        with self.script.changed:
            if self.epoch != self.script.epoch:
                self.epoch = self.script.epoch
                self.script.connections += 1
                self.number = self.script.connections
            self.script.requests.append({
                "connection": self.number,
                "operation": operation,
                "method": method,
                "path": path,
                "headers": headers,
                "body": body,
            })
            reply = self.script.next_reply(operation)
            releases_seen = self.script.releases
        if reply.get("hold"):
            self.script.wait_for_release(releases_seen)
        time.sleep(reply.get("delay_ms", 0) / 1000)
        if "close" in reply:
            if reply["close"] == "reset":
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.request.close()
            return False
        status, content = self.content(reply, operation, body)
        return self.send(status, reply, content)

    def content(self, reply, operation, request_body):
        """The reply's status and body bytes."""
        if reply.get("default"):
            status, body = self.script.default_reply(operation)
        elif reply.get("echo"):
            asked = request_body if isinstance(request_body, dict) else {}
            tokens = [str(asked[name]) for name in ("AccessToken", "Token", "RefreshToken") if name in asked]
            status, body = 400, {"__type": "NotAuthorizedException", "message": "Invalid token: " + " ".join(tokens)}
        else:
            status, body = 200, reply.get("body", "")
        size = reply.get("body_size")
        if size is not None:
            content = (FILLER * (size // len(FILLER) + 1))[:size]
        elif isinstance(body, str):
            content = body.encode("utf-8", "surrogateescape")
        else:
            content = json.dumps(body).encode()
        return reply.get("status", status), content

    def send(self, status, reply, content):
        keep_alive = reply.get("keep_alive", True)
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "content-length": len(content),
            "x-amzn-requestid": uuid.uuid4(),
            "connection": "keep-alive" if keep_alive else "close",
        }
        headers |= {name.lower(): value for name, value in reply.get("headers", {}).items()}
        reason = http.HTTPStatus(status).phrase if status in set(http.HTTPStatus) else "Unknown"
        lines = [f"HTTP/1.1 {status} {reason}"]
        lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")

        cut_after = reply.get("cut_after")
        content = content[:cut_after]
        header_drip, drip = reply.get("header_drip_ms"), reply.get("drip_ms")
        if header_drip is None and drip is None:
            self.request.sendall(head + content)
        else:
            self.drip(head, header_drip)
            self.drip(content, drip)
        return keep_alive and cut_after is None

    def drip(self, data, pause_ms):
        if pause_ms is None:
            self.request.sendall(data)
            return
        for byte in data:
            self.request.sendall(bytes([byte]))
            time.sleep(pause_ms / 1000)

    def answer_control(self, method, path, body):
        script = self.script
        result = {}
        try:
            match method, path.removeprefix("/_control/"):
                case "POST", "reset":
                    script.reset()
                case "POST", "script":
                    script.set_replies(**body)
                case "POST", "settings":
                    if unknown := set(body) - set(DEFAULT_SETTINGS):
                        raise ValueError(f"unknown settings: {sorted(unknown)}")
                    with script.changed:
                        script.settings |= body
                case "POST", "release":
                    script.release()
                case "GET", "requests":
                    with script.changed:
                        result = list(script.requests)
                case "GET", "connections":
                    result = {"count": script.connections}
                case _:
                    return self.send(404, {}, b'{"error": "no such control request"}')
        except (TypeError, ValueError) as error:
            return self.send(400, {}, json.dumps({"error": str(error)}).encode())
        return self.send(200, {}, json.dumps(result).encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, script, port=0, tls=None, service=True, control=True):
        super().__init__(("127.0.0.1", port), Connection)
        self.script, self.tls, self.service, self.control = script, tls, service, control
        self.url = f"{'https://localhost' if tls else 'http://127.0.0.1'}:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def shutdown_request(self, request):
        # Without the handshake that ends TLS: a connection that ends early must look as if it did.
        self.close_request(request)


def tls_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def write_whole(path, text):
    """Writes a file so that a reader finds either nothing or all of it."""
    with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(os.path.abspath(path)), delete=False) as file:
        file.write(text)
    os.replace(file.name, path)


def main():
    parser = argparse.ArgumentParser(description="A scripted Cognito for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--url-file")
    parser.add_argument("--control-url-file")
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    parser.add_argument("--lifetime", type=float, default=1800)
    options = parser.parse_args()

    # Blocked in every thread, so that the main one can wait for them.
    endings = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, endings)

    script = Script()
    if options.tls_cert:
        service = Server(script, options.port, tls_context(options.tls_cert, options.tls_key), control=False)
        control = Server(script, service=False)
    else:
        service = control = Server(script, options.port)
    if options.control_url_file:
        write_whole(options.control_url_file, control.url + "\n")
    if options.url_file:
        write_whole(options.url_file, service.url + "\n")
    else:
        print(service.url, flush=True)
    signal.sigtimedwait(endings, options.lifetime)


if __name__ == "__main__":
    sys.exit(main())
