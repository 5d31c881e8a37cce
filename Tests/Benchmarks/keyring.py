# SPDX-License-Identifier: Apache-2.0
"""The keyring of the private session that this runs in: what is in it, and how it is filled."""

import os
import re
import subprocess
import sys
from pathlib import Path

SUPPORT = Path(__file__).parent.parent / "Support"


def count(schema):
    """How many items have this schema."""
    found = subprocess.run(
        ["gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets",
         "--method", "org.freedesktop.Secret.Service.SearchItems", f"{{'xdg:schema': '{schema}'}}"],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    return len(re.findall(r"'/org/freedesktop/secrets/collection/", found))


def fill(number):
    """Replaces all that is in the keyring by so many items of another program.

    To store them one after the other would take long, as each time the whole keyring is written. gnome-keyring reads a
    keyring that is plain text too, 10,000 items in some seconds, and encrypts it when it next writes it."""
    keyring_script("stop")
    parts = ["[keyring]\ndisplay-name=Login\nctime=0\nmtime=0\nlock-on-idle=false\nlock-after=false\n"]
    for item in range(1, number + 1):
        parts.append(f"[{item}]\nitem-type=0\ndisplay-name=Password {item}\nsecret=secret-{item}\nctime=0\nmtime=0\n")
        for index, (name, value) in enumerate((("xdg:schema", "org.example.Foreign"), ("account", f"user-{item}"))):
            parts.append(f"[{item}:attribute{index}]\nname={name}\ntype=string\nvalue={value}\n")
    (Path(os.environ["COGNITOAUTH_TEST_HOME"]) / ".local/share/keyrings/login.keyring").write_text("\n".join(parts))
    keyring_script("restart-unlocked")
    if count("org.example.Foreign") != number:
        sys.exit(f"bench: the keyring did not take {number} items")


def keyring_script(task):
    subprocess.run([SUPPORT / "keyring.sh", task], check=True, env=os.environ | {"KEYRING_LIMIT": "120"})
