# SPDX-License-Identifier: Apache-2.0
"""What the headers declare and what its comments promise, read from its text."""

import re

# "A function", in a comment, of which another is said to behave alike.
ALIKE = re.compile(r"\bAs (?:in |for )?(auth_\w+)\(\)")
# A status, an abbreviation after another one (", _LOCKED"), or a range of numbers.
STATUS = re.compile(r"\b(?P<name>AUTH_STATUS_\w+)|(?P<short>(?<![\w)])_[A-Z_]+)|\b(?P<first>\d00) to (?P<last>\d99)\b")

def since(comment):
    """The version that a comment says its function or its field came with, as a pair of numbers."""
    match = re.search(r"@since (\d+)\.(\d+)\b", comment)
    return match and (int(match[1]), int(match[2]))


class Function:
    def __init__(self, returned, name, parameters, comment):
        self.returned, self.name, self.comment = returned, name, comment
        self.parameters = [parameter.strip() for parameter in parameters.split(",")]

    @property
    def arguments(self):
        """The names of its parameters."""
        return [re.search(r"\w+$", parameter)[0] for parameter in self.parameters if parameter != "void"]

    @property
    def since(self):
        """The version that it came with, or None."""
        return since(self.comment)

    @property
    def is_sign_out(self):
        """Whether it has its statuses in a result."""
        return self.returned == "auth_sign_out_outcome"

    @property
    def has_statuses(self):
        """Whether it can fail with a status: its own, and not that of an error that it is asked about."""
        return self.is_sign_out or self.returned == "auth_status" and "auth_error **error" in self.parameters


class Header:
    def __init__(self, folder):
        umbrella = (folder / "auth.h").read_text()
        included = re.findall(r'^#include "(\w+\.h)"', umbrella, re.M)
        text = umbrella + "".join((folder / name).read_text() for name in included)
        # " *  " at the beginning of a line of a comment would stand in the middle of a sentence.
        text = re.sub(r"\n \* ?", "\n ", text)
        self.values = {name: int(value) for name, value in re.findall(r"^ {4}(AUTH_\w+) = (\d+)", text, re.M)}
        # As far as it stands in @since.
        self.version = tuple(int(re.search(rf"^#define COGNITOAUTH_VERSION_{part} (\d+)$", text, re.M)[1])
                             for part in ("MAJOR", "MINOR"))
        self.macros = re.findall(r"^#define (\w+) ", text, re.M)
        self.callbacks = re.findall(r"^typedef .*\(\*(\w+)\)", text, re.M)
        # The comments and the fields of each.
        self.structs = dict(re.findall(r"^typedef struct (\w+) \{\n(.*?)^\}", text, re.M | re.S))
        self.functions = {}
        for comment, returned, name, parameters in re.findall(
                r"/\*\*((?:(?!\*/).)*)\*/\n(\w[\w ]*[ *])(auth_\w+)\(([^;]*)\);", text, re.S):
            function = Function(returned.strip(), name, " ".join(parameters.split()), " ".join(comment.split()))
            self.functions[name] = function

    @property
    def statuses(self):
        return {name: value for name, value in self.values.items() if name.startswith("AUTH_STATUS_")}

    def needed(self, function):
        """The version of the library that a program with a call of a function needs.

        That is the function's own, or a later one in which a struct that it takes got a field."""
        words = set(re.findall(r"\w+", " ".join(function.parameters)))
        fields = [text for struct, text in self.structs.items() if struct in words]
        versions = [since(comment) for text in fields for comment in re.findall(r"/\*\*.*?\*/", text, re.S)]
        return max([function.since, *filter(None, versions)])

    def promised(self, function):
        """The statuses, but for success, that the comment of a function says it may have."""
        found = set()
        for name in ALIKE.findall(function.comment):
            found |= self.promised(self.functions[name])
        if "the blocking function" in function.comment:
            for name, other in self.functions.items():
                if name + "_start" in self.functions and other.returned == function.returned:
                    found |= self.promised(other)
        latest = ""
        for match in STATUS.finditer(function.comment):
            if match["first"]:
                numbers = range(int(match["first"]), int(match["last"]) + 1)
                found |= {name for name, value in self.statuses.items() if value in numbers}
                continue
            latest = match["name"] or self._unabbreviated(match["short"], latest)
            found.add(latest)
        return found - {"AUTH_STATUS_SUCCESS"}

    def _unabbreviated(self, short, latest):
        """AUTH_STATUS_KEYRING_LOCKED for _LOCKED after AUTH_STATUS_KEYRING_UNAVAILABLE."""
        parts = latest.split("_")
        for length in range(len(parts) - 1, 0, -1):
            name = "_".join(parts[:length]) + short
            if name in self.statuses:
                return name
        return latest + " ... " + short
