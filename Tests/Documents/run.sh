#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Holds the README to its word: its programs compile, the C one with its own command, and what it and the examples
# promise in numbers is so. manual.py does the same with the manual, and cases.py with the table of the cases of
# sign-out. Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

passed=0 failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PKG_CONFIG_PATH=$PWD/.build/lib/pkgconfig LD_LIBRARY_PATH=$PWD/.build/lib

check() { # check NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$scratch/output" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$name"
        sed 's/^/    /' "$scratch/output"
    fi
}

# block LANGUAGE COMMAND_PATTERN: the first block of that language in the README that matches
block() { awk -v language="$1" -v pattern="$2" '
    $0 == "```" && inside { if (text ~ pattern) { printf "%s", text; exit } inside = 0; text = ""; next }
    inside { text = text $0 "\n" }
    $0 == "```" language { inside = 1 }' README.md; }

# shellcheck disable=SC2046 # flags are words
readme_program_compiles() {
    block c 'int main' >"$scratch/mail.c" && [ -s "$scratch/mail.c" ] &&
        (cd "$scratch" && block_command && cc -Wall -Wextra -Werror -fsyntax-only mail.c $(pkg-config --cflags cognitoauth))
}
# The command as the README gives it, but for its two exports, which name the clone's folder.
block_command() { (cd "$OLDPWD" && block sh 'cc mail') | grep '^cc ' >./command && bash -e command && [ -x mail ]; }
# shellcheck disable=SC2046 # flags are words
readme_cxx_program_compiles() {
    block cpp 'int main' >"$scratch/mail.cpp" && [ -s "$scratch/mail.cpp" ] &&
        c++ -std=c++17 -Wall -Wextra -Werror "$scratch/mail.cpp" -o "$scratch/mail-cxx" $(pkg-config --cflags --libs cognitoauth)
}
# Its loop, with a user who wants to try again once.
# shellcheck disable=SC2046 # flags are words
readme_loop_works() {
    {
        printf '#include <stdio.h>\n#include <cognitoauth/auth.h>\n'
        printf 'static int ask(const char *sentence, int can_try) { static int asked; puts(sentence); return can_try && asked++ == 0; }\n'
        printf 'auth_sign_out_outcome sign_out_everywhere(auth_client *client);\n'
        block c 'sign_out_everywhere'
        printf 'int main(void)\n{\n    auth_client_options options = AUTH_CLIENT_OPTIONS_INIT;\n    auth_client *client;\n'
        block c 'int main' | grep -E 'options\.(app_id|user_pool_id|client_id) ='
        printf '    if (auth_client_new(&options, &client, NULL) != AUTH_STATUS_SUCCESS) return 3;\n'
        printf '    return (int)sign_out_everywhere(client);\n}\n'
    } >"$scratch/loop.c" &&
        cc -Wall -Wextra -Werror "$scratch/loop.c" -o "$scratch/loop" $(pkg-config --cflags --libs cognitoauth) &&
        says_why "$scratch/loop" && [ "$(grep -c keyring "$scratch/said")" -eq 2 ] &&
        [ "$(Tests/Support/private-session.sh "$scratch/loop")" = "You were not signed in here. Other devices were not signed out: sign in, then sign out everywhere." ]
}
# Each program of a line with each of the line's options, as the plan of Tests/ABI/run.sh has it.
readme_programs_are_run() {
    local program found=0
    while read -r program; do
        found=$((found + 1))
        grep -qxE "  \"?$program\"?" Tests/ABI/run.sh || { printf 'Tests/ABI/run.sh does not run %s\n' "$program"; return 1; }
    done < <(awk -F'`' '/`test_/ { programs = options = 0
        for (i = 2; i <= NF; i += 2) if ($i ~ /^test_/) program[programs++] = $i; else if ($i ~ /^--/) option[options++] = " " $i
        if (!options) option[options++] = ""
        for (p = 0; p < programs; p++) for (o = 0; o < options; o++) print program[p] option[o] }' README.md)
    [ "$found" -ge 20 ]
}
says_why() { # Without a keyring it must fail, in words, with exit status 2.
    local status=0
    Tests/Support/private-session.sh --keyring=none "$1" >"$scratch/said" 2>&1 || status=$?
    [ "$status" -eq 2 ] && grep -q 'keyring' "$scratch/said"
}
goes_in_and_out() { # goes_in_and_out SOURCE COMPILER [OPTION...]
    Tests/Support/private-session.sh Tests/Documents/in_and_out.sh "$@"
}
library_is_small() { [ "$(stat --dereference --format=%s .build/lib/libcognitoauth.so)" -le 483328 ]; }
examples_are_short() { ! wc -l Examples/[!g]*.c* Examples/glib*.c | awk '$2 != "total" && $1 >= 120 { print; found = 1 } END { exit !found }'; }
examples_say_how_to_build_them() {
    local example name
    for example in Examples/*.cpp; do
        name=$(basename "$example")
        grep -qE "c\+\+ -std=c\+\+17 $name -o ${name%.cpp} \\$\(pkg-config --cflags --libs cognitoauth\)" "$example" || return 1
    done
    for example in Examples/*.c; do
        name=$(basename "$example" .c)
        grep -qE "cc $name.c -o $name \\$\(pkg-config --cflags --libs cognitoauth[ a-z0-9.-]*\)" "$example" || return 1
    done
}

html_has_no_warning() {
    make --silent --no-print-directory html >"$scratch/doxygen" 2>&1 && [ ! -s "$scratch/doxygen" ] && [ -s .build/html/index.html ] &&
        grep -q auth_sign_out_result_message .build/html/sign__out_8h.html && [ -s .build/html/gtk_account.png ] ||
        { cat "$scratch/doxygen"; return 1; }
}

python=python3
[ ! -x /usr/bin/python3 ] || python=/usr/bin/python3

check "what is generated follows from the headers" "$python" Sources/Packaging/generated.py --check
check "the README's program compiles without a warning, with the README's command" readme_program_compiles
check "the README's C++ program compiles without a warning" readme_cxx_program_compiles
check "the README's program says why when there is no keyring" says_why "$scratch/mail"
check "the README's C++ program says why when there is no keyring" says_why "$scratch/mail-cxx"
check "the README's program signs in and out through a browser, which shows what the README says" \
    goes_in_and_out "$scratch/mail.c" cc -Wall -Wextra -Werror
check "and so does the README's C++ program" goes_in_and_out "$scratch/mail.cpp" c++ -std=c++17 -Wall -Wextra -Werror
check "the example of sign-in opens the browser again at Enter, and is cancelled by Ctrl-C" \
    Tests/Support/private-session.sh Tests/Documents/sign_in_example.sh
check "the example of resuming finishes a sign-out when the network comes back, and after sleep, and ends" \
    Tests/Support/private-session.sh Tests/Documents/resume_example.sh
check "the README's commands of the AWS CLI are such that Cognito takes" \
    .build/python/ministack/bin/python -sEB Tests/Documents/aws_commands.py
check "the README's loop tries again where a sign-out failed, and tells who was not signed in" readme_loop_works
check "the README's table of where it runs names programs that are run" readme_programs_are_run
check "the library is at most 472 KB, as the README says" library_is_small
check "every example without a window is shorter than 120 lines" examples_are_short
check "every example says how to build it" examples_say_how_to_build_them

if command -v doxygen >/dev/null; then
    check "doxygen makes HTML of headers and documents, and has nothing to complain of" html_has_no_warning
fi

check "the fault matrix has each step and fault, and its page follows from it" "$python" Tests/Documents/fault_matrix.py --check
check "every case of sign-out has a test of the core and one in C" "$python" Tests/Documents/cases.py
"$python" Tests/Documents/manual.py >"$scratch/manual"
sed '$d' "$scratch/manual"
read -r manual_passed _ manual_failed _ < <(tail -n 1 "$scratch/manual" | grep -x '[0-9]* passed, [0-9]* failed')
passed=$((passed + ${manual_passed:-0})) failed=$((failed + ${manual_failed:-1}))

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
