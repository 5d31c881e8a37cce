# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 as scripted_cognito.py speaks it, well or badly, and the tunnels of a proxy."""

import http
import json
import select
import socket
import socketserver
import ssl
import struct
import time
import urllib.parse

from cognito_script import DEFAULT_SETTINGS, content, operation_of, usual_headers

FILLER_LINE = "x-filler: " + "0123456789abcdef" * 15


class ClientGone(Exception):
    """The client ended the connection, or sent something that is not HTTP."""


def filler_lines(size):
    """So many bytes of header lines, without the last line end."""
    whole, rest = divmod(size, len(FILLER_LINE) + 2)
    return [FILLER_LINE] * whole + ([FILLER_LINE[:max(rest - 2, 11)]] if rest else [])


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
                if self.request.selected_alpn_protocol() == "h2":
                    from cognito_http2 import Conversation  # needs python3-h2
                    Conversation(self).run()
                    return
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
            if not self.buffer[:1].isalpha():  # A handshake of TLS, for example.
                self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                raise ClientGone
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
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return method, path, headers, body

    # Answering

    def answer_one(self):
        """Answers one request; says whether the connection lives on."""
        method, path, headers, body = self.read_request()
        if self.server.control and path.startswith("/_control/"):
            return self.answer_control(method, path, parsed(body))  # whatever kind curl says that it is
        body = parsed(body, headers.get("content-type", ""))
        if method == "CONNECT":
            operation = method
        elif self.server.service:
            operation = operation_of(headers, path)
        else:
            return self.send(404, {}, b"")
        reply = self.note(operation, "1.1", method, path, headers, body)
        if "close" in reply:
            if reply["close"] == "reset":
                self.reset()
            return False
        if method == "CONNECT" and reply.get("default"):
            self.tunnel(path)
            return False
        status, answer = content(self.script, reply, operation, body)
        return self.send(status, reply, answer, operation)

    def note(self, operation, protocol, method, path, headers, body):
        """Remembers a request, and waits until it is to be answered, with the reply that this returns."""
        with self.script.changed:
            if self.epoch != self.script.epoch:
                self.epoch = self.script.epoch
                self.script.connections += 1
                self.number = self.script.connections
            self.script.requests.append({
                "connection": self.number,
                "protocol": protocol,
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
        return reply

    def reset(self):
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.request.close()

    def send(self, status, reply, answer, operation=None):
        if "raw" in reply:
            self.request.sendall(reply["raw"].encode("utf-8", "surrogateescape"))
            return False
        keep_alive = reply.get("keep_alive", True)
        head, answer = self.head(status, reply, answer, keep_alive, operation), self.framed(reply, answer)
        cut_head_after, cut_after = reply.get("cut_head_after"), reply.get("cut_after")
        if cut_head_after is not None:
            head, answer = head[:cut_head_after], b""
        answer = answer[:cut_after]
        header_drip, drip = reply.get("header_drip_ms"), reply.get("drip_ms")
        if header_drip is None and drip is None:
            self.request.sendall(head + answer)
        else:
            self.drip(head, header_drip)
            self.drip(answer, drip)
        return keep_alive and cut_after is None and cut_head_after is None

    def head(self, status, reply, answer, keep_alive, operation):
        """Status line and headers, and the provisional answers before them."""
        headers = usual_headers(operation) | {
            "connection": "keep-alive" if keep_alive else "close",
            "transfer-encoding": "chunked" if "trailer_size" in reply else None,
            "content-length": None if "trailer_size" in reply else len(answer),
        }
        headers |= {name.lower(): value for name, value in reply.get("headers", {}).items()}
        reason = http.HTTPStatus(status).phrase if status in set(http.HTTPStatus) else "Unknown"
        lines = ["HTTP/1.1 100 Continue", ""] * reply.get("continues", 0)
        lines += [f"HTTP/1.1 {status} {reason}"]
        lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
        lines += filler_lines(reply.get("header_size", 0))
        if "line_size" in reply:
            lines.append("x-line: ".ljust(reply["line_size"], "x"))
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")

    def framed(self, reply, answer):
        """The body as it goes out: in one chunk where trailers follow it."""
        if "trailer_size" not in reply:
            return answer
        chunk = b"%x\r\n%b\r\n" % (len(answer), answer) if answer else b""
        return chunk + ("\r\n".join(["0", *filler_lines(reply["trailer_size"])]) + "\r\n\r\n").encode()

    def drip(self, data, pause_ms):
        if pause_ms is None:
            self.request.sendall(data)
            return
        for byte in data:
            self.request.sendall(bytes([byte]))
            time.sleep(pause_ms / 1000)

    # A proxy

    def tunnel(self, target):
        """Passes bytes on to a port of this machine, whatever the host's name, until one side ends."""
        port = urllib.parse.urlsplit("//" + target).port
        with socket.create_connection(("127.0.0.1", port), self.timeout) as server:
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            other = {server: self.request, self.request: server}
            while True:
                waiting = isinstance(self.request, ssl.SSLSocket) and self.request.pending()
                ready = [self.request] if waiting else select.select(list(other), [], [], self.timeout)[0]
                for end in ready:
                    data = end.recv(65536)
                    if not data:
                        return
                    other[end].sendall(data)

    # The test's own requests

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
                case "POST", "sessions":
                    with script.changed:
                        script.pool.add(**body)
                case "GET", "sessions":
                    with script.changed:
                        result = script.pool.live()
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


def parsed(body, kind=""):
    """The fields of a form, the JSON in `body`, or its text. A field that comes twice is a list."""
    text = body.decode("utf-8", "replace")
    if kind.partition(";")[0].strip() == "application/x-www-form-urlencoded":
        fields = urllib.parse.parse_qs(text, keep_blank_values=True)
        return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
    try:
        return json.loads(text)
    except ValueError:
        return text
