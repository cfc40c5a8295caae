#!/bin/sh
# Runs fuzz targets: run.sh SECONDS [NAME...], NAME being scenario, set or csv; without a name all three, side by side.
# They come from the build folder $OUTLAY_BUILD (build/dev-clang), where new inputs and findings go too, below fuzz/.
set -eu
seconds=$1
shift
cd "$(dirname "$0")/../.."
build=${OUTLAY_BUILD:-build/dev-clang}
mkdir -p "$build/fuzz"
# Leaks are looked for, but for those of leaks.supp.
export LSAN_OPTIONS="suppressions=$PWD/tests/fuzz/leaks.supp:print_suppressions=0"

# fuzz NAME SEED...: new inputs are written to the first folder that libFuzzer gets, the others are read only.
fuzz() {
    name=$1
    shift
    mkdir -p "$build/fuzz/$name"
    python3 tests/fuzz/dictionary.py scenarios/schema.json >"$build/fuzz/$name.dict"
    "$build/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 \
        -dict="$build/fuzz/$name.dict" -artifact_prefix="$build/fuzz/finding-$name-" "$build/fuzz/$name" \
        "tests/fuzz/corpus/$name" "$@" >"$build/fuzz/$name.log" 2>&1 || {
        tail -n 60 "$build/fuzz/$name.log"
        return 1
    }
    if grep 'Test unit written' "$build/fuzz/$name.log"; then # slow, which libFuzzer tells without failing
        return 1
    fi
    echo "$name: $(grep -o 'Done .*' "$build/fuzz/$name.log")"
    grep 'DONE  ' "$build/fuzz/$name.log"
}

start() {
    case $1 in
    scenario) fuzz scenario scenarios tests/gallery tests/cli/bad ;;
    csv) fuzz csv tests/unit/data ;;
    *) fuzz "$1" ;;
    esac
}

[ $# -gt 0 ] || set -- scenario set csv
running=
for name; do
    start "$name" &
    running="$running $!"
done
status=0
for process in $running; do
    wait "$process" || status=1
done
exit $status
