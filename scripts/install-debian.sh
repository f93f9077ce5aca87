#!/usr/bin/env bash
# install-debian.sh PACKAGE...: installs Debian packages as root or through sudo, or prints the command to give.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
	echo "install: this is not Debian; install by other means: $*" >&2
	exit 1
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
		echo "install: missing packages; as root, give: apt-get update && apt-get install --no-install-recommends -y $*" >&2
		exit 1
	fi
	as_root="sudo"
fi

echo "install: $*"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends -y -qq "$@" >/dev/null
