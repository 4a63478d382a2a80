#!/bin/sh
# SPDX-FileCopyrightText: 2026 edufleet contributors
# SPDX-License-Identifier: Apache-2.0
#
# Install what a make target needs and nothing that is there already.
#   tools/setup.sh system demo|test|bench    Debian packages (as root only; otherwise says what is missing)
#   tools/setup.sh venv run|dev              the Python environment .venv from its hashed lock file
set -eu
cd "$(dirname "$0")/.."
mkdir -p .make

say() { printf '==> %s\n' "$*"; }

packages() {
	case $1 in
	demo) echo python3-venv openssh-client sudo iproute2 mmdebstrap systemd-container ;;
	test) echo "$(packages demo)" openssh-server busybox shellcheck prometheus prometheus-alertmanager graphviz ;;
	bench) echo "$(packages test)" lynis ;;
	esac
}

system() {
	missing=
	for package in $(packages "$1"); do
		[ "$package" != busybox ] || ! command -v busybox >/dev/null || continue # busybox-static serves as well
		dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		say "not root: going on without these system packages:$missing"
		return 0
	fi
	say "installing system packages:$missing"
	apt-get update -qq
	# The tests start the servers they need themselves: none is to be started by its package.
	if [ ! -e /usr/sbin/policy-rc.d ]; then
		printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
		chmod +x /usr/sbin/policy-rc.d
		trap 'rm -f /usr/sbin/policy-rc.d' EXIT
	fi
	# shellcheck disable=SC2086 # a list of package names
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >.make/apt.log 2>&1 ||
		{ tail -n 20 .make/apt.log; return 1; }
	echo "$missing" >>.make/apt-installed
}

# Debian splits pip off from python3. Without python3-venv, and without root to install it, pip's own wheel from
# Debian's archive makes an environment just as well.
bare_venv() {
	say "no python3-venv here: taking pip from Debian's python3-pip-whl"
	rm -rf .venv .make/pip
	mkdir -p .make/pip
	(cd .make/pip && apt-get download -qq python3-pip-whl && dpkg-deb -x python3-pip-whl_*.deb .) ||
		{ say "no pip to be had: ask an administrator for 'apt install python3-venv'"; return 1; }
	python3 -m venv --without-pip .venv
	wheel=$(find "$PWD/.make/pip" -name 'pip-*.whl')
	.venv/bin/python "$wheel/pip" install -q --no-index --find-links "$(dirname "$wheel")" pip
}

venv() {
	stamp=.make/venv-$1
	if [ -x .venv/bin/edufleet ] && [ -f "$stamp" ] &&
		[ -z "$(find "requirements/$1.txt" pyproject.toml -newer "$stamp")" ]; then
		return 0
	fi
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
		{ say "python3 is $(python3 -V); edufleet needs 3.11 or newer"; return 1; }
	say "installing the Python environment (requirements/$1.txt)"
	[ -x .venv/bin/pip ] || python3 -m venv .venv >/dev/null 2>&1 || bare_venv
	.venv/bin/pip install -qq --disable-pip-version-check --require-hashes -r "requirements/$1.txt"
	.venv/bin/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch "$stamp"
}

"$@"
