#!/usr/bin/env bash
# Runs every fuzz target of the repository, each for some seconds on one
# processor, and some of them at a time:
#
#   analyzer/analyzertest/fuzz.sh [SECONDS [AT-A-TIME [TARGET]]]
#
# A line tells of each: target, seconds, seconds of processors, inputs tried, and
# what was found. An input that fails is kept in testdata/fuzz of its package:
# mend what it shows and add it, so that every go test tries it. FUZZ_CORPUS is a
# directory that keeps what reaches new code, for the next run to go on from.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-60}
at_a_time=${2:-2}
only=${3:-.}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export seconds tmp corpus=${FUZZ_CORPUS:-$tmp/corpus}

# targets are lines of a package and a target.
targets() {
  git ls-files -co --exclude-standard '*_test.go' | xargs grep -Ho '^func Fuzz[A-Za-z0-9_]*' |
    sed 's|/[^/]*_test.go:func | |' | grep -- "$only"
}

binary() { echo "$tmp/${1//\//-}"; }

# fuzz PACKAGE TARGET
fuzz() {
  local log=$tmp/$2.log code=0 tried spent
  TIMEFORMAT='%U %S'
  spent=$( { time (cd "$1" && "$(binary "$1")" -test.run '^$' -test.fuzz "^$2\$" -test.fuzztime "${seconds}s" \
    -test.fuzzminimizetime 50x -test.parallel 1 -test.fuzzcachedir "$corpus/$2" >"$log" 2>&1); } 2>&1) || code=$?
  spent=$(awk '{ printf "%.0f", $1 + $2 }' <<<"$spent")
  tried=$(sed -n 's/.*execs: \([0-9]*\).*/\1/p' "$log" | tail -1)
  if [[ $code == 0 && -n $tried ]]; then
    echo "$2: $seconds s, $spent s of a processor, $tried inputs, nothing found"
    return
  fi
  local what=FOUND
  grep -q -e '--- FAIL' "$log" || what="ended early, with code $code"
  echo "$2: $seconds s, $spent s of a processor, ${tried:-0} inputs, $what"
  sed 's/^/  /' "$log" | cut -c1-500 | tail -60
  return 1
}
export -f fuzz binary

# built once, with what tells the fuzzer which code an input reaches
targets | cut -d' ' -f1 | sort -u | while read -r package; do
  go test -c -fuzz . -o "$(binary "$package")" "./$package"
done
targets | xargs -P "$at_a_time" -L 1 bash -c 'fuzz "$@"' fuzz
