#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the README's commands of the AWS CLI to what Cognito takes. It needs botocore, which an emulator brings.

It prints what Cognito does not know, or needs and does not get.
"""

import pathlib
import re
import sys

import botocore.session
from botocore import xform_name

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
SERVICE = botocore.session.Session().get_service_model("cognito-idp")
OPERATIONS = {xform_name(name, "-"): SERVICE.operation_model(name) for name in SERVICE.operation_names}


def complaints(command, options):
    if command not in OPERATIONS:
        yield f"there is no {command}"
        return
    shape = OPERATIONS[command].input_shape
    members = {xform_name(name, "-"): member for name, member in shape.members.items()}
    switches = {f"no-{name}" for name, member in members.items() if member.type_name == "boolean"}
    for option in options:
        if option not in members and option not in switches:
            yield f"{command} has no --{option}"
    for name in shape.required_members:
        if xform_name(name, "-") not in options:
            yield f"{command} needs --{xform_name(name, '-')}"


def main():
    text = README.read_text().replace("\\\n", " ")
    commands = re.findall(r"^aws cognito-idp (\S+)(.*)$", text, re.M)
    found = [] if commands else ["there are no commands"]
    for command, rest in commands:
        found += complaints(command, re.findall(r" --(\S+)", rest))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
