# SPDX-License-Identifier: Apache-2.0
"""HTTP/2 as scripted_cognito.py speaks it, well or badly. Needs Debian's python3-h2."""

import h2.config
import h2.connection
import h2.errors
import h2.events
from hyperframe.frame import DataFrame, GoAwayFrame, RstStreamFrame

from cognito_http1 import ClientGone, filler_lines, parsed
from cognito_script import content, operation_of, usual_headers


class Stream:
    """A request that is coming in."""

    def __init__(self, headers):
        self.headers = {name.decode().lower(): value.decode() for name, value in headers}
        self.body = b""


class Conversation:
    """One connection, stream after stream."""

    def __init__(self, connection):
        self.connection = connection
        self.socket = connection.request
        self.streams = {}
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding=None))

    def run(self):
        self.h2.initiate_connection()
        self.flush()
        while self.answer_some():
            pass

    def flush(self):
        self.socket.sendall(self.h2.data_to_send())

    def receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise ClientGone
        events = self.h2.receive_data(data)
        self.flush()
        return events

    def answer_some(self):
        """Takes what came in; says whether the connection lives on."""
        for event in self.receive():
            match event:
                case h2.events.RequestReceived():
                    self.streams[event.stream_id] = Stream(event.headers)
                case h2.events.DataReceived():
                    self.streams[event.stream_id].body += event.data
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                    self.flush()
                case h2.events.StreamEnded():
                    if not self.answer(event.stream_id, self.streams.pop(event.stream_id)):
                        return False
                case h2.events.ConnectionTerminated():
                    return False
        return True

    def answer(self, number, stream):
        headers, body = stream.headers, parsed(stream.body, stream.headers.get("content-type", ""))
        operation = operation_of(headers, headers[":path"])
        reply = self.connection.note(operation, "2", headers[":method"], headers[":path"], headers, body)
        if "goaway" in reply:
            # All streams above `goaway` were not processed.
            self.write(GoAwayFrame(0, reply["goaway"], h2.errors.ErrorCodes[reply.get("error", "NO_ERROR")]))
        elif "error" in reply and "cut_after" not in reply:
            self.write(RstStreamFrame(number, h2.errors.ErrorCodes[reply["error"]]))
            return True
        if reply.get("end"):
            self.write(DataFrame(number, b"", flags=["END_STREAM"]))
            return True
        if "raw" in reply:
            self.socket.sendall(reply["raw"].encode("utf-8", "surrogateescape"))
            return False
        if "close" in reply:
            if reply["close"] == "reset":
                self.connection.reset()
            return False
        return self.send(number, reply, operation, *content(self.connection.script, reply, operation, body))

    def write(self, frame):
        self.socket.sendall(frame.serialize())

    def send(self, number, reply, operation, status, answer):
        headers = usual_headers(operation) | {"content-length": str(len(answer))}
        headers |= {name.lower(): value for name, value in reply.get("headers", {}).items()}
        fields = [(":status", str(status))] + [(name, value) for name, value in headers.items() if value is not None]
        fields += [tuple(line.split(": ")) for line in filler_lines(reply.get("header_size", 0))]
        for _ in range(reply.get("continues", 0)):
            self.h2.send_headers(number, [(":status", "100")])
        trailers = [tuple(line.split(": ")) for line in filler_lines(reply.get("trailer_size", 0))]
        cut_after = reply.get("cut_after")
        is_cut = cut_after is not None
        self.h2.send_headers(number, fields)
        self.send_body(number, answer[:cut_after])
        if not is_cut:
            if trailers:
                self.h2.send_headers(number, trailers, end_stream=True)
            else:
                self.h2.end_stream(number)
        self.flush()
        if is_cut and "error" in reply:
            self.write(RstStreamFrame(number, h2.errors.ErrorCodes[reply["error"]]))
            return True
        return not is_cut and reply.get("keep_alive", True)

    def send_body(self, number, answer):
        while answer:
            size = min(self.h2.local_flow_control_window(number), self.h2.max_outbound_frame_size, len(answer))
            if size == 0:
                self.receive()
                continue
            self.h2.send_data(number, answer[:size])
            self.flush()
            answer = answer[size:]
