#!/bin/sh
# cppcheck (Debian 12: 2.10) finds nothing in the sources of sim/ and in the headers that they include.
# usage: cppcheck.sh     reads the generated headers of build/debug; exits 1 with what was found
set -eu
cd "$(dirname "$0")/../.."
twin=$(mktemp --suffix=.c)
trap 'rm -f "$twin"' EXIT

check() {
    cppcheck --enable=warning,performance,portability --std=c11 -D_POSIX_C_SOURCE=200809L --quiet --error-exitcode=1 \
        --suppressions-list=tests/verify/cppcheck.txt --template='{file}:{line}: {severity}: {message} [{id}]' "$@"
}

# The biased twin: a file with a fault must be refused.
echo 'int twin(void); int twin(void) { int a[2] = {1, 2}; return a[2]; }' >"$twin"
if check "$twin" 2>/dev/null; then
    echo "cppcheck accepts a faulty file, so this check would not see one"
    exit 1
fi

[ -d build/debug/generated ] || cmake --preset debug >/dev/null
check -j "$(getconf _NPROCESSORS_ONLN)" -I sim -I include -I build/debug/generated sim
echo "$(find sim -name '*.c' | wc -l) files, nothing found ($(cppcheck --version))"
