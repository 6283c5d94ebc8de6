#!/usr/bin/env bash
# Writes the plan JSON of a Terraform configuration, made offline with stub
# providers. Usage:
#
#   plan.sh DIR OUT.json [argument of terraform plan]...
#
# It works on a temporary copy of DIR, or of the directory ROOT that holds DIR
# and the local modules it calls: by default the root of DIR's git work tree.
# SCHEMAS is the folder of the NAME-schema.json.gz files, one for each provider:
# by default the one of this script.
# KEEP=1 keeps the temporary copy and names it.
set -euo pipefail

if [[ $# -lt 2 ]]; then
  sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$(cd "$1" && pwd)
out=$(realpath -m "$2")
shift 2
root=$(cd "${ROOT:-$(git -C "$dir" rev-parse --show-toplevel 2>/dev/null || echo "$dir")}" && pwd)
schemas=$(cd "${SCHEMAS:-$here}" && pwd)
[[ $dir == "$root" || $dir == "$root"/* ]] || { echo "$dir is not in $root" >&2; exit 2; }

tmp=$(mktemp -d)
if [[ -z ${KEEP:-} ]]; then trap 'rm -rf "$tmp"' EXIT; else echo "kept: $tmp" >&2; fi

build=$here/build
(cd "$here" && go build -o "$build/stubprovider" .)
source "$here/providers.sh"
installation "$build/stubprovider" "$schemas" "$tmp/providers" >"$tmp/cli.tfrc"

mkdir "$tmp/copy"
tar -C "$root" --exclude=.git --exclude=.terraform -cf - . | tar -C "$tmp/copy" -xf -
work=$tmp/copy${dir#"$root"}
rm -f "$work/.terraform.lock.hcl"
export TF_CLI_CONFIG_FILE=$tmp/cli.tfrc CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
cd "$work" # not -chdir, so that path.cwd is the folder's too
quiet() { "$@" >"$tmp/log" 2>&1 || { cat "$tmp/log" >&2; exit 1; }; }
quiet terraform get -no-color
# A backend would be asked for the state; an empty local one takes its place.
# init sets it up, and then fails as it finds no release of the stub providers:
# with dev_overrides, plan needs none.
if grep -qsE '^\s*(backend\s+"|cloud\s*\{)' "$work"/*.tf; then
  printf 'terraform {\n  backend "local" {}\n}\n' >"$work/zz_stub_override.tf"
  terraform init -no-color -input=false >/dev/null 2>&1 || true
fi
quiet terraform plan -no-color -input=false -lock=false -out="$tmp/plan" "$@"
mkdir -p "$(dirname "$out")"
terraform show -json "$tmp/plan" >"$tmp/plan.json"
mv "$tmp/plan.json" "$out"
