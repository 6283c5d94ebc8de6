#!/usr/bin/env bash
# Prepares real configurations and plans each with Terraform, offline, through
# stub providers. Usage:
#
#   real.sh MIRROR TREE [NAME...]
#
# MIRROR is a folder of bare clones, OWNER+NAME/repo; what is missing there is
# cloned from GitHub. TREE is a folder for the repositories at the commits below,
# with the few edits below: NAME by NAME, the plans in plans/, and
# configurations.tsv, a line each: name, folder in TREE, layout. Where TREE
# exists, only the configurations named are planned anew.
#
# SCHEMAS is the folder of the NAME-schema.json.gz files, one for each provider
# (terraform providers schema -json): by default that of the stub, which has not
# all that these need.
set -euo pipefail
[[ $# -ge 2 ]] || { sed -n '2,17s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
stub=$here/../stubprovider
schemas=$(cd "${SCHEMAS:-$stub}" && pwd)
mkdir -p "$1"
mirror=$(cd "$1" && pwd)
fresh=
[[ -d $2 ]] || { mkdir -p "$2/plans"; fresh=1; }
tree=$(cd "$2" && pwd)
shift 2
wanted=" $* "

# The newest commits that need no later AWS provider than the schema's, 6.25,
# but for arguments that the examples do not use.
repositories="
bridgecrewio/terragoat 729f8da
terraform-aws-modules/terraform-aws-acm 5d113fa
terraform-aws-modules/terraform-aws-alb 87f1c9c
terraform-aws-modules/terraform-aws-autoscaling 0bbdf8e
terraform-aws-modules/terraform-aws-cloudfront beb0b2d
terraform-aws-modules/terraform-aws-cloudwatch a2a5f9d
terraform-aws-modules/terraform-aws-dynamodb-table 45c9cb1
terraform-aws-modules/terraform-aws-ec2-instance 22ac5c6
terraform-aws-modules/terraform-aws-ecr b6ef04d
terraform-aws-modules/terraform-aws-ecs f609ca9
terraform-aws-modules/terraform-aws-efs 07c13f3
terraform-aws-modules/terraform-aws-eks d416579c
terraform-aws-modules/terraform-aws-elasticache 3e17c95
terraform-aws-modules/terraform-aws-eventbridge f993472
terraform-aws-modules/terraform-aws-iam 981121b
terraform-aws-modules/terraform-aws-kms 407e3db
terraform-aws-modules/terraform-aws-lambda 23d00f7
terraform-aws-modules/terraform-aws-opensearch 4d96860
terraform-aws-modules/terraform-aws-rds 578c95b
terraform-aws-modules/terraform-aws-rds-aurora e046244
terraform-aws-modules/terraform-aws-redshift edd44ed
terraform-aws-modules/terraform-aws-s3-bucket 8eecd4b
terraform-aws-modules/terraform-aws-secrets-manager 8202934
terraform-aws-modules/terraform-aws-security-group 3cf4e1a
terraform-aws-modules/terraform-aws-sns 8df4ec0
terraform-aws-modules/terraform-aws-sqs cc15171
terraform-aws-modules/terraform-aws-step-functions c22ca4b
terraform-aws-modules/terraform-aws-vpc 82d1929
"

repository() { echo "$mirror/${1/\//+}/repo"; }

lay() { # OWNER/NAME COMMIT
  local git
  git=$(repository "$1")
  [[ -d $git ]] || git clone --quiet --bare "https://github.com/$1" "$git"
  mkdir "$tree/${1#*/}"
  git --git-dir="$git" archive "$2" -- . ':(exclude)*/backup.zip' | tar -C "$tree/${1#*/}" -xf -
}

# registry FOLDER TO: modules of terraform-aws-modules come from elsewhere. TO
# writes the source of a module in a file: NAME SUBFOLDER FILE.
registry() {
  { grep -rlE --include='*.tf' '"terraform-aws-modules/[a-z0-9-]+/aws' "$1" || true; } | while read -r file; do
    grep -oE '"terraform-aws-modules/[a-z0-9-]+/aws[^"]*"' "$file" | sort -u | while read -r quoted; do
      local rest=${quoted#\"terraform-aws-modules/} name sub
      rest=${rest%\"}
      name=${rest%%/*} sub=${rest#*/aws}
      [[ -d $tree/terraform-aws-$name ]] || continue
      sed -i -E "\\|$quoted|{s|$quoted|\"$("$2" "$name" "${sub##/}" "$file")\"|;n;/^ *version *=/d}" "$file"
    done
  done
}

neighbour() { # NAME SUBFOLDER FILE
  local to
  to=$(realpath --relative-to="$(dirname "$3")" "$tree/terraform-aws-$1")
  [[ $to == .* ]] || to=./$to
  [[ -z $2 ]] && echo "$to" || echo "$to/${2#/}"
}

commit() { awk -v name="terraform-aws-modules/terraform-aws-$1" '$1 == name { print $2 }' <<<"$repositories"; }

remote() { # NAME SUBFOLDER FILE: what terraform get installs
  local ref
  ref=$(git --git-dir="$(repository "terraform-aws-modules/terraform-aws-$1")" rev-parse "$(commit "$1")")
  echo "git::file://$(repository "terraform-aws-modules/terraform-aws-$1")${2:+//${2#/}}?ref=$ref"
}

if [[ -n $fresh ]]; then
  while read -r name at; do [[ -z $name ]] || lay "$name" "$at"; done <<<"$repositories"
  # Terragoat is of Terraform 0.11 and AWS provider 3.
  goat=$tree/terragoat/terraform/aws
  sed -i -E 's/type( *)= "string"/type\1= string/' "$goat"/*.tf
  sed -i -E '/resource "aws_db_instance" "default"/,/^}/s/^  name  /  db_name/; s/aws_db_instance.default.name}/aws_db_instance.default.db_name}/' "$goat/db-app.tf"
  sed -i -E 's/^(resource "aws_rds_cluster" .*\{)$/\1\n  engine = "aurora-mysql"/' "$goat/rds.tf"
  cp -r "$tree" "$tree.installed"
  registry "$tree" neighbour
  # The installed layout: an example alone, its modules where terraform get puts
  # them.
  mkdir "$tree/installed"
  for example in vpc/complete rds/complete-postgres s3-bucket/complete kms/complete sqs/complete sns/complete; do
    module=${example%/*}
    cp -r "$tree.installed/terraform-aws-$module/examples/${example#*/}" "$tree/installed/$module"
    sed -i -E "s|\"\.\./\.\./?(modules/[^\"]*)?\"|\"terraform-aws-modules/$module/aws//\1\"|" "$tree/installed/$module"/*.tf
    registry "$tree/installed/$module" remote
  done
  rm -rf "$tree.installed"
fi

# One executable stands for every provider: its name says which one it is.
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
(cd "$stub" && go build -o "$tmp/stubprovider" .)
{
  echo 'provider_installation {'
  echo '  dev_overrides {'
  for schema in "$schemas"/*-schema.json.gz; do
    name=$(basename "$schema" -schema.json.gz)
    mkdir -p "$tmp/$name"
    ln -s "$tmp/stubprovider" "$tmp/$name/terraform-provider-$name"
    ln -s "$schema" "$tmp/$name/"
    echo "    \"hashicorp/$name\" = \"$tmp/$name\""
  done
  echo '  }'
  echo '}'
} >"$tmp/cli.tfrc"
export TF_CLI_CONFIG_FILE=$tmp/cli.tfrc CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 STUB_LENIENT=1
# What the packaging script of the Lambda module says.
export STUB_EXTERNAL='{"filename":"builds/stub.zip","build_plan":"{}","build_plan_filename":"builds/stub.plan.json","timestamp":"0","was_missing":"false"}'
unset TF_WORKSPACE

plan() { # NAME FOLDER LAYOUT [ARGUMENT...]
  local name=$1 folder=$2 layout=$3
  shift 3
  [[ -n $fresh || $wanted == *" $name "* ]] || return 0
  (
    cd "$tree/$folder"
    rm -rf .terraform .terraform.lock.hcl
    # A backend would be asked for the state: an empty local one takes its place.
    # init sets it up, and then fails as it finds no release of the stubs.
    if grep -qsE '^\s*(backend\s+"|cloud\s*\{)' ./*.tf; then
      printf 'terraform {\n  backend "local" {}\n}\n' >zz_stub_override.tf
      terraform init -no-color -input=false || true
    fi
    terraform get -no-color && terraform plan -no-color -input=false -lock=false -refresh=false -out="$tmp/plan" "$@" &&
      terraform show -json "$tmp/plan" >"$tree/plans/$name.json" && rm -f zz_stub_override.tf
  ) >"$tmp/log" 2>&1 || { echo "$name: not planned"; grep -A12 -m3 'Error' "$tmp/log" | head -40; return 0; }
  [[ $layout == installed ]] || rm -rf "$tree/$folder/.terraform"
  printf '%s\t%s\t%s\n' "$name" "$folder" "$layout" >>"$tree/configurations.tsv"
  sort -u -o "$tree/configurations.tsv" "$tree/configurations.tsv"
  echo "$name"
}

example() { plan "$1-${2##*/}" "terraform-aws-$1/examples/$2" neighbours "${@:3}"; } # MODULE EXAMPLE [ARGUMENT...]

plan terragoat terragoat/terraform/aws neighbours
for e in complete-alb complete-nlb mutual-auth-alb; do example alb "$e"; done
example autoscaling complete
example acm complete-dns-validation
example cloudfront complete
for e in cis-alarms complete-log-metric-filter-and-alarm composite-alarm log-group-with-data-protection-policy metric-stream query-definition; do example cloudwatch "$e"; done
for e in autoscaling basic global-tables s3-import; do example dynamodb-table "$e"; done
for e in complete session-manager; do example ec2-instance "$e"; done
for e in complete repository-template; do example ecr "$e"; done
for e in complete container-definition ec2-autoscaling fargate; do example ecs "$e"; done
example efs complete
for e in eks-auto-mode eks-hybrid-nodes eks-managed-node-group karpenter self-managed-node-group; do example eks "$e"; done
for e in memcached-cluster redis-cluster redis-cluster-mode redis-replication-group-with-cluster-replica serverless-cache valkey-replication-group; do example elasticache "$e"; done
for e in complete default-bus with-archive with-permissions with-schedules; do example eventbridge "$e"; done
for e in iam-account iam-group iam-oidc-provider iam-policy iam-read-only-policy iam-role-for-service-accounts iam-role iam-user; do example iam "$e"; done
example kms complete
for e in alias async code-signing complete container-image deploy event-source-mapping multiple-regions simple triggers with-efs with-vpc; do example lambda "$e"; done
for e in collection complete; do example opensearch "$e"; done
for e in blue-green-deployment complete-mssql complete-mysql complete-oracle complete-postgres cross-region-replica-postgres enhanced-monitoring groups replica-mysql replica-postgres; do example rds "$e"; done
for e in autoscaling dsql global-cluster limitless multi-az mysql postgresql s3-import serverless; do example rds-aurora "$e"; done
example redshift complete
for e in account-public-access complete directory-bucket notification object s3-analytics s3-inventory s3-replication table-bucket; do example s3-bucket "$e"; done
example secrets-manager complete
for e in complete computed disabled dynamic http rules-only; do example security-group "$e"; done
example sns complete
example sqs complete
example step-functions complete
for e in block-public-access complete flow-log ipam ipv6-dualstack ipv6-only manage-default-vpc network-acls outpost secondary-cidr-blocks separate-route-tables simple; do example vpc "$e"; done
for e in "$tree"/installed/*/; do plan "installed-$(basename "$e")" "installed/$(basename "$e")" installed; done
