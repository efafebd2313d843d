#!/bin/sh
# Says which tool is missing or too old, and the command that installs it.
python=${1:-python3}
fail() { printf 'marsad: %s\n' "$1" >&2; exit 1; }

command -v cargo >/dev/null 2>&1 ||
    fail "cargo is missing; install Rust 1.88 or newer: apt-get install rustup && rustup default stable (or https://rustup.rs)"
rust=$(rustc --version | sed 's/^rustc 1\.\([0-9]*\)\..*/\1/')
[ "$rust" -ge 88 ] 2>/dev/null ||
    fail "$(rustc --version) is too old; Rust 1.88 or newer is needed: rustup update stable"
command -v cc >/dev/null 2>&1 || fail "a C compiler is missing; apt-get install build-essential"
command -v "$python" >/dev/null 2>&1 || fail "$python is missing; apt-get install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    fail "$("$python" --version) is too old; CPython 3.10 or newer is needed: apt-get install python3, or make PYTHON=python3.12"
"$python" -c 'import ensurepip, venv' 2>/dev/null || fail "Python's venv is missing; apt-get install python3-venv"
