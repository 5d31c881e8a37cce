# SPDX-License-Identifier: Apache-2.0
"""What can end the process in Swift, as far as a line of it tells.

Most of it has no place in the library at all. A subscript and a removal from a list are checked by Swift, which ends the
process where they are wrong; traps.tsv says for each file how many there are, and why they are right. Who adds one looks
at it twice. Arithmetic and conversions of numbers cannot be told apart from those that always fit.
"""

import re

FORBIDDEN = {
    "a forced unwrap": r"[\w)\]?]!(?!=)",
    "an implicitly unwrapped optional": r":\s*[\w.<>\[\]]+!",
    "try!": r"\btry!",
    "as!": r"\bas!",
    "a trap": r"\b(?:fatalError|precondition|preconditionFailure|assert|assertionFailure)\s*\(",
    "unowned": r"\bunowned\b",
    "an unchecked cast": r"\b(?:unsafelyUnwrapped|unsafeBitCast|unsafeDowncast)\b",
}
REASONED = {
    # What is optional says that it is checked.
    "subscript": r"(?<=[\w)\]?])\[(?!\]|[^\[\]]*\](?:\?|\s*=\s))[^\]]",
    "removal": r"\.remove(?:First|Last)\(",
}
LIST = "Tests/Analysis/traps.tsv"
# What is behind it is lost in a library that Swift 6.2 builds.
NUL_IN_TEXT = r'"[^"]*\\(?:0|u\{0+\})[^"]*"'


def code(line):
    """A line without its texts and its comment."""
    return re.sub(r'#?"(?:\\.|[^"\\])*"#?', '""', line).split("//")[0]


def reasons(root):
    for line in (root / LIST).read_text().splitlines()[1:]:
        file, kind, count, _, = line.split("\t")
        yield (file, kind), int(count)


def complaints(root):
    allowed = dict(reasons(root))
    counted = {}
    for path in sorted((root / "Sources").rglob("*.swift")):
        name = str(path.relative_to(root / "Sources"))
        is_literal = False
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.count('"""') == 1:
                is_literal = not is_literal
                continue
            if is_literal:
                continue
            if re.search(NUL_IN_TEXT, line):
                yield f"Sources/{name}:{number}: a text with a NUL in it: {line.strip()}"
            text = code(line)
            for what, pattern in FORBIDDEN.items():
                if re.search(pattern, text):
                    yield f"Sources/{name}:{number}: {what}: {line.strip()}"
            for kind, pattern in REASONED.items():
                if found := len(re.findall(pattern, text)):
                    counted[name, kind] = counted.get((name, kind), 0) + found
    for key in sorted(allowed.keys() | counted.keys()):
        if allowed.get(key, 0) != counted.get(key, 0):
            file, kind = key
            yield (f"Sources/{file} has {counted.get(key, 0)} of the kind {kind}, and {LIST} has a reason for "
                   f"{allowed.get(key, 0)}")
