#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs COMMAND in the project's folder of a system, in namespaces of its own: what it mounts and starts is gone with it.
#
#   enter.sh [--network] [--bind FOLDER]... NAME COMMAND [ARGUMENT...]
#
# FOLDER (/project) is the folder.
#
#   --network        with this machine's network; without it, with a loopback of its own and nothing else
#   --bind FOLDER    FOLDER is there too, under the same name, and cannot be changed
set -euo pipefail

if [ -z "${ENTERED:-}" ]; then
    namespaces=(--mount --pid --fork --kill-child --ipc --uts --net)
    [ "$1" != --network ] || unset 'namespaces[6]'
    ENTERED=1 exec unshare "${namespaces[@]}" "$0" "$@"
fi
unset ENTERED
cd "$(dirname "$0")/../.."
folders=() network=
while true; do
    case $1 in
    --network) network=yes ;;
    --bind) folders+=("$2") && shift ;;
    *) break ;;
    esac
    shift
done
root=$PWD/.build/systems/$1
shift

mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
for folder in "${folders[@]}"; do
    mkdir -p "$root$folder"
    mount --bind "$folder" "$root$folder"
    mount -o remount,bind,ro "$root$folder"
done
[ -n "$network" ] || ip link set lo up
hostname "$(basename "$root")"

# pip's settings are this machine's.
settings=()
while IFS= read -r setting; do settings+=("$setting"); done < <(env | grep -E '^PIP_[A-Z_]+=' || true)
exec chroot "$root" env -i "${settings[@]}" PATH="${INSIDE_PATH:-/usr/sbin:/usr/bin:/sbin:/bin}" HOME=/root \
    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive sh -c 'mkdir -p "$1" && cd "$1" && shift && exec "$@"' sh "${FOLDER:-/project}" "$@"
