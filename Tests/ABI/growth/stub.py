#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a library without content of a header, for abidiff to compare.

Reads the preprocessed header, and prints it as a C file in which every function is defined and does nothing, and every
struct ends with the last field that it has in the header that is named: what was appended is no other ABI. (To let
abidiff 2.2 pass over fields at the end makes it pass over fields of another type too.)
"""

import pathlib
import re
import sys

STRUCT = re.compile(r"(typedef struct (\w+) \{)(.*?)(\} \2;)", re.S)

first = {name: re.findall(r"(\w+);", fields)[-1]
         for _, name, fields, _ in STRUCT.findall(pathlib.Path(sys.argv[1]).read_text())}


def cut(struct):
    start, name, fields, end = struct.groups()
    if name in first:
        fields = re.sub(rf"(\b{first[name]};).*", r"\1", fields, flags=re.S)
    return start + fields + end


def define(function):
    returned = function[1].strip()
    return f"{function[1]}{function[2]}({function[3]}) {{ {'' if returned == 'void' else 'return 0;'} }}"


header = STRUCT.sub(cut, sys.stdin.read())
print(re.sub(r"^(\w[\w ]*[ *])(auth_\w+)\(([^;{}]*)\);", define, header, flags=re.M))
