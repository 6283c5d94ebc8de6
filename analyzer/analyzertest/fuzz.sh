#!/usr/bin/env bash
# Runs every fuzz target of the repository, each for some seconds on one
# processor, and as many at a time as are asked for:
#
#   analyzer/analyzertest/fuzz.sh [SECONDS [AT-A-TIME [TARGET]]]
#
# A line tells of each: target, seconds, inputs tried, and what was found. An
# input that fails is kept in testdata/fuzz of its package: mend what it shows
# and add it, so that it is tried by every go test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export SECONDS_EACH=${1:-60}
at_a_time=${2:-2}
only=${3:-.}

targets() {
  git ls-files -co --exclude-standard '*_test.go' | xargs grep -Ho '^func Fuzz[A-Za-z0-9_]*' | sed 's|/[^/]*_test.go:func | |' | grep -- "$only"
}

# fuzz PACKAGE TARGET
fuzz() {
  local log code=0 tried
  log=$(mktemp)
  go test "./$1" -run '^$' -fuzz "^$2\$" -fuzztime "${SECONDS_EACH}s" -parallel 1 -fuzzminimizetime 50x >"$log" 2>&1 || code=$?
  tried=$(sed -n 's/.*execs: \([0-9]*\).*/\1/p' "$log" | tail -1)
  if [[ $code == 0 && -n $tried ]]; then
    echo "$2: ${SECONDS_EACH} s, $tried inputs, nothing found"
    rm -f "$log"
    return
  fi
  echo "$2: ${SECONDS_EACH} s, ${tried:-0} inputs, FOUND"
  sed 's/^/  /' "$log" | cut -c1-500 | tail -60
  rm -f "$log"
  return 1
}
export -f fuzz

# built once, with what tells the fuzzer which code an input reaches
targets | cut -d' ' -f1 | sort -u | while read -r package; do
  go test "./$package" -run '^$' -fuzz '^FuzzNothing$' >/dev/null
done
targets | xargs -P "$at_a_time" -L 1 bash -c 'fuzz "$@"' fuzz
