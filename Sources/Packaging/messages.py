# SPDX-License-Identifier: Apache-2.0
"""The sentences that a person is told of a sign-out, read from the core's table of them."""

import collections
import re

Group = collections.namedtuple("Group", "title messages")
Message = collections.namedtuple("Message", "condition text")


def groups(source):
    """The sentences in their order, in the groups that the comments between them make."""
    texts = dict(re.findall(r'case \.(\w+):\s+"([^"]+)"', source))
    found = []
    for title, comment, name in re.findall(r"^ {4}// (.*)$|((?:^ {4}/// .*\n)+) {4}case (\w+)$", source, re.M):
        if title:
            found.append(Group(title, []))
        else:
            condition = " ".join(comment.replace("///", "").split())
            found[-1].messages.append(Message(condition, texts.pop(name)))
    if texts:
        raise ValueError(f"sentences without a case: {texts}")
    return found
