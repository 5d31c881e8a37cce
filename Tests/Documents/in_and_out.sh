#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The README's program at work: built for a local Cognito, it signs its user in and out through a browser, and says so.
# The browser shows what the README says that it shows. In a private session:
#
#   private-session.sh in_and_out.sh SOURCE COMPILER [OPTION...]
set -euo pipefail
cd "$(dirname "$0")/../.."
source=$1
compiler=("${@:2}")
python=.build/python/ministack/bin/python
cognito=$COGNITOAUTH_TEST_HOME/cognito
program=$COGNITOAUTH_TEST_HOME/program

local_cognito() { "$python" Tests/Support/local_cognito.py "$@" --directory "$cognito"; }

trap 'local_cognito stop >/dev/null 2>&1 || true' EXIT
local_cognito start --managed-login
# shellcheck source=/dev/null
. "$cognito/cognito.env"
"$python" Tests/Support/browser.py install --kind plain

sed -e "s|http://localhost:18500/signed-in|$COGNITO_REDIRECT_URI_1|; s|http://localhost:18501/signed-in|$COGNITO_REDIRECT_URI_2|" \
    -e "s|http://localhost:18500/signed-out|$COGNITO_LOGOUT_URI_1|; s|http://localhost:18501/signed-out|$COGNITO_LOGOUT_URI_2|" \
    -e "s|mail-example.auth.eu-west-1.amazoncognito.com|$COGNITO_HOSTED_UI_DOMAIN|" \
    -e "s|eu-west-1_AbCdEfGhI|$COGNITO_USER_POOL_ID|; s|1example23456789|$COGNITO_CLIENT_ID|" \
    -e "s|options.client_id.*|& options.endpoint = \"$COGNITO_ENDPOINT\";|" "$source" >"$program.${source##*.}"
# shellcheck disable=SC2046 # options are words
"${compiler[@]}" "$program.${source##*.}" -o "$program" $(pkg-config --cflags --libs cognitoauth)

said=$(echo | DISPLAY=:0 "$program")
printf '%s\n' "$said"
[ "$said" = "ada is signed in. Enter signs out.
Signed out on this computer." ]

# The browser notes a visit when it is over, which may be after the program.
visits=$XDG_DATA_HOME/test-browser/visits.jsonl
for _ in $(seq 100); do
    [ "$(wc -l <"$visits")" -lt 2 ] || break
    sleep 0.1
done
"$python" - "$visits" <<'PYTHON'
import json
import pathlib
import sys

readme = " ".join(pathlib.Path("README.md").read_text().split())
visits = [json.loads(line) for line in open(sys.argv[1])]
unknown = [visit["text"] for visit in visits if f"*{visit['text']}*" not in readme]
if len(visits) != 2 or unknown:
    sys.exit(f"{len(visits)} visits; the README does not have: {unknown}")
PYTHON
