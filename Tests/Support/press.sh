#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Presses keys in a window on the display COGNITOAUTH_TEST_DISPLAY, as its user would.
#
#   press.sh TITLE STEP...   waits for a window whose title or class matches TITLE. Each STEP is a list of keys, in
#                            xdotool's names, which are pressed once the window's program rests: some work between two
#                            of their pages, and show nothing that could be waited for
#
# It fails if there is no window after ten seconds, or the program works for longer than a minute.
set -eu
export DISPLAY=$COGNITOAUTH_TEST_DISPLAY
title=$1
shift

find_window() { window=$(xdotool search --onlyvisible --name --class "$title" 2>/dev/null | head -n 1) && [ -n "$window" ]; }

# The processor time of all its threads, and how many of them want more of it.
work() { cat "/proc/$program"/task/*/stat 2>/dev/null | awk '{ sub(/.*\) /, ""); time += $12 + $13; busy += $1 == "R" } END { print time, busy }'; }

await_rest() {
  local before now
  for _ in {1..120}; do
    before=$(work)
    sleep 0.5
    now=$(work)
    [ "$before" != "$now" ] || [ "${now##* }" != 0 ] || return 0
  done
  return 1
}

for _ in {1..200}; do
  ! find_window || break
  sleep 0.05
done
find_window
program=$(xdotool getwindowpid "$window")
for step; do
  await_rest
  find_window || true # the next page may be another window
  xdotool windowfocus --sync "$window"
  await_rest # then the window has put the keys' place into one of its fields
  # shellcheck disable=SC2086 # keys are words
  xdotool key $step
done
