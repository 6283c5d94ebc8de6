#!/usr/bin/env bash
# Prepares real configurations and plans each with Terraform, offline, through
# stub providers. Usage:
#
#   real.sh MIRROR TREE [NAME...]
#
# MIRROR is a folder of bare clones, OWNER+NAME/repo; what is missing there is
# cloned from GitHub. TREE is a folder for the repositories at the commits below,
# with the few edits below, for the plans, plans/NAME.json, and for
# configurations.tsv, a line each: name, folder in TREE, layout. Where TREE
# exists, what it lacks is made, and the configurations named are planned anew.
#
# The layout says where the modules of a configuration are: "neighbours" in TREE,
# or "installed" by Terraform in its .terraform/modules.
#
# SCHEMAS is the folder of the NAME-schema.json.gz files, one for each provider
# (terraform providers schema -json): by default that of the stub, which has not
# all that these need. JOBS is how many are planned at a time, by default 2.
set -euo pipefail
[[ $# -ge 2 ]] || { sed -n '2,19s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
stub=$here/../stubprovider
schemas=$(cd "${SCHEMAS:-$stub}" && pwd)
mkdir -p "$1" "$2/plans"
mirror=$(cd "$1" && pwd)
tree=$(cd "$2" && pwd)
touch "$tree/configurations.tsv"
shift 2
wanted=" $* " # the names between spaces
jobs=${JOBS:-2}
tmp=$(mktemp -d)

# The newest commits that need no later AWS provider than the schema's, 6.25,
# but for arguments that the examples do not use.
repositories="
aws-samples/eks-workshop-v2 bb1b30007
aws-samples/terraform-eks-code 96e5ab43e
bridgecrewio/terragoat 729f8da
brikis98/terraform-up-and-running-code 27a3beaf8
cattle-ops/terraform-aws-gitlab-runner 55a3ae91b
diodonfrost/terraform-aws-lambda-scheduler-stop-start dcd059b17
hashicorp-education/learn-terraform-drift-and-policy 6ec0448
hashicorp-education/learn-terraform-dynamic-credentials cf9004d
hashicorp-education/learn-terraform-github-actions 13a7647
hashicorp-education/learn-terraform-rds-upgrade 2c642be
hashicorp-education/learn-terraform-state 00f2f0b
hashicorp-education/learn-terraform-test 24558c9
lgallard/terraform-aws-backup a693764
moritzzimmer/terraform-aws-lambda d0e99494b
serverless-ca/terraform-aws-ca f8afaf30d
unfunco/terraform-aws-oidc-github 4d068a4
y-miyazaki/terraform-aws-base a620636cf
terraform-aws-modules/terraform-aws-acm 5d113fa
terraform-aws-modules/terraform-aws-alb 87f1c9c
terraform-aws-modules/terraform-aws-autoscaling 0bbdf8e
terraform-aws-modules/terraform-aws-cloudfront e4d3525
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
terraform-aws-modules/terraform-aws-key-pair 336ed68
terraform-aws-modules/terraform-aws-kms 407e3db
terraform-aws-modules/terraform-aws-lambda 23d00f7
terraform-aws-modules/terraform-aws-opensearch 4d96860
terraform-aws-modules/terraform-aws-rds 578c95b
terraform-aws-modules/terraform-aws-rds-aurora e046244
terraform-aws-modules/terraform-aws-redshift edd44ed
terraform-aws-modules/terraform-aws-route53 6c5c058
terraform-aws-modules/terraform-aws-s3-bucket 8eecd4b
terraform-aws-modules/terraform-aws-secrets-manager 8202934
terraform-aws-modules/terraform-aws-security-group 3cf4e1a
terraform-aws-modules/terraform-aws-sns 8df4ec0
terraform-aws-modules/terraform-aws-sqs cc15171
terraform-aws-modules/terraform-aws-step-functions c22ca4b
terraform-aws-modules/terraform-aws-vpc 82d1929
"

repository() { echo "$mirror/${1/\//+}/repo"; }
at() { awk -v name="$1" '$1 == name { print $2 }' <<<"$repositories"; }

archive() { # OWNER/NAME PATH: a part of the repository at its commit, as tar
  [[ -d $(repository "$1") ]] || git clone --quiet --bare "https://github.com/$1" "$(repository "$1")"
  # Large files that no plan reads, and that a mirror may lack: a backup of a
  # database, programs in Go.
  git --git-dir="$(repository "$1")" archive "$(at "$1")" -- "$2" ':(exclude)*/backup.zip' ':(exclude)*/go_*.zip'
}

lay() { # OWNER/NAME FOLDER
  local part=$tmp/part
  mkdir -p "$part" "$(dirname "$tree/$2")"
  archive "$1" . | tar -C "$part" -xf -
  mv "$part" "$tree/$2"
}

# sources FOLDER TO: modules of terraform-aws-modules come from elsewhere. TO
# writes the source of a module in a file: NAME SUBFOLDER FILE.
sources() {
  { grep -rlE --include='*.tf' '"terraform-aws-modules/[a-z0-9-]+/aws' "$1" || true; } | while read -r file; do
    grep -oE '"terraform-aws-modules/[a-z0-9-]+/aws[^"]*"' "$file" | sort -u | while read -r quoted; do
      local rest=${quoted#\"terraform-aws-modules/} name sub
      rest=${rest%\"}
      name=${rest%%/*} sub=${rest#*/aws}
      [[ -n $(at "terraform-aws-modules/terraform-aws-$name") ]] || continue
      sed -i -E "\\|$quoted|{s|$quoted|\"$("$2" "$name" "${sub##/}" "$file")\"|;n;/^ *version *=/d}" "$file"
    done
  done
}

neighbour() { # NAME SUBFOLDER FILE
  local to
  to=$(realpath -m --relative-to="$(dirname "$3")" "$tree/terraform-aws-$1")
  [[ $to == .* ]] || to=./$to
  echo "$to${2:+/${2#/}}"
}

clone() { # NAME SUBFOLDER FILE
  local repo=terraform-aws-modules/terraform-aws-$1
  echo "git::file://$(repository "$repo")${2:+//${2#/}}?ref=$(git --git-dir="$(repository "$repo")" rev-parse "$(at "$repo")")"
}

# All modules of terraform-aws-modules, beside each other.
while read -r repo _; do
  [[ $repo == terraform-aws-modules/* && ! -d $tree/${repo#*/} ]] || continue
  lay "$repo" "${repo#*/}"
  sources "$tree/${repo#*/}" neighbour
done <<<"$repositories"

# Terragoat is of Terraform 0.11 and AWS provider 3.
goat=$tree/terragoat/terraform/aws
if [[ ! -d $goat ]]; then
  lay bridgecrewio/terragoat terragoat
  sed -i -E 's/type( *)= "string"/type\1= string/' "$goat"/*.tf
  sed -i -E '/resource "aws_db_instance" "default"/,/^}/s/^  name  /  db_name/; s/aws_db_instance.default.name}/aws_db_instance.default.db_name}/' "$goat/db-app.tf"
  sed -i -E 's/^(resource "aws_rds_cluster" .*\{)$/\1\n  engine = "aurora-mysql"/' "$goat/rds.tf"
fi

# One executable stands for every provider: its name says which one it is.
(cd "$stub" && go build -o "$tmp/" . ./registry)
exec {address}< <(exec "$tmp/registry" "$mirror" <<<"$repositories")
server=$!
trap 'kill $server; rm -rf "$tmp"' EXIT
read -r url <&$address
source "$stub/providers.sh"
{
  echo "host \"registry.terraform.io\" { services = { \"modules.v1\" = \"$url/\" } }"
  installation "$tmp/stubprovider" "$schemas" "$tmp/providers"
} >"$tmp/cli.tfrc"
export TF_CLI_CONFIG_FILE=$tmp/cli.tfrc CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 STUB_LENIENT=1
# What the packaging script of the Lambda module says.
export STUB_EXTERNAL='{"filename":"builds/stub.zip","build_plan":"{}","build_plan_filename":"builds/stub.plan.json","timestamp":"0","was_missing":"false"}'
unset TF_WORKSPACE

# show plans the working directory and writes the plan as JSON.
show() { # NAME
  rm -rf .terraform .terraform.lock.hcl
  # A backend would be asked for the state: an empty local one takes its place.
  # init sets it up, and then fails as it finds no release of the stubs.
  if grep -qsE '^\s*(backend\s+"|cloud\s*\{)' ./*.tf; then
    printf 'terraform {\n  backend "local" {}\n}\n' >zz_stub_override.tf
    terraform init -no-color -input=false >/dev/null 2>&1 || true
  fi
  terraform get -no-color &&
    terraform plan -no-color -input=false -lock=false -refresh=false -out="$tmp/$1.plan" &&
    terraform show -json "$tmp/$1.plan" >"$tmp/$1.json"
}

# tidy leaves of .terraform the modules that were installed, if any.
tidy() {
  rm -f zz_stub_override.tf .terraform.lock.hcl .terraform/terraform.tfstate
  grep -qs '"Dir":".terraform/' .terraform/modules/modules.json || rm -rf .terraform
}

work() { # NAME FOLDER
  cd "$tree/$2"
  rm -f "$tree/plans/$1.json"
  show "$1" >"$tmp/$1.log" 2>&1 || true
  tidy
  if [[ ! -s $tmp/$1.json ]]; then
    echo "$1: not planned
$(grep -a -A12 Error "$tmp/$1.log" | head -40)"
    echo "$1" >>"$tmp/failed"
    return
  fi
  mv "$tmp/$1.json" "$tree/plans/"
  local layout=neighbours
  [[ ! -d .terraform ]] || layout=installed
  printf '%s\t%s\t%s\n' "$1" "$2" "$layout" >>"$tree/configurations.tsv"
  echo "$1"
}

all=" "
plan() { # NAME FOLDER
  all+="$1 "
  [[ -d $tree/$2 ]] || { echo "$1: no folder $2 in $tree" >&2; exit 2; }
  if [[ $wanted != "  " ]]; then
    [[ $wanted == *" $1 "* ]] || return 0
  elif [[ -f $tree/plans/$1.json ]]; then
    return 0
  fi
  while [[ $(jobs -rp | wc -l) -ge $jobs ]]; do wait -n || true; done
  work "$@" &
}

# An example beside the modules.
example() { plan "$1-${2##*/}" "terraform-aws-$1/examples/$2"; } # MODULE EXAMPLE

# edit makes the changes that a repository needs that is laid as it is written.
# Values of variables go in files, for whoever reads the folder.
edit() { # OWNER/NAME FOLDER
  local e
  case $1 in
  aws-samples/terraform-eks-code) # of AWS provider 4
    find "$2" -name '*.tf' -exec sed -i -E 's/^( *)vpc( *)= true/\1domain\2= "vpc"/; s/^( *)resolve_conflicts( *)=/\1resolve_conflicts_on_create\2=/' {} +
    ;;
  cattle-ops/terraform-aws-gitlab-runner)
    for e in "$2"/examples/*/; do echo 'preregistered_runner_token_ssm_parameter_name = "token"' >"$e/terraform.tfvars"; done
    ;;
  lgallard/terraform-aws-backup)
    echo 'environment = "dev"' >"$2/examples/secure_backup_configuration/terraform.tfvars"
    ;;
  y-miyazaki/terraform-aws-base) # has an example of its values
    for e in base management/root; do cp "$2/terraform/$e"/terraform{.example,}.tfvars; done
    ;;
  esac
}

# A folder in a repository as it is written: modules come from the registry, at
# the versions that it asks for.
written() { # NAME OWNER/NAME FOLDER
  local to=written/${2/\//+}
  if [[ ! -d $tree/$to ]]; then
    lay "$2" "$to"
    edit "$2" "$tree/$to"
  fi
  plan "$1" "$(realpath -m --relative-to="$tree" "$tree/$to/$3")"
}

# An example alone: modules come from clones.
alone() { # MODULE EXAMPLE
  local to=$tree/installed/$1
  if [[ ! -d $to ]]; then
    mkdir -p "$to"
    archive "terraform-aws-modules/terraform-aws-$1" "examples/$2" | tar -C "$to" --strip-components=2 -xf -
    sed -i -E "s|\"\.\./\.\./?(modules/[^\"]*)?\"|\"terraform-aws-modules/$1/aws//\1\"|" "$to"/*.tf
    sources "$to" clone
  fi
  plan "installed-$1" "installed/$1"
}

plan terragoat terragoat/terraform/aws
for e in complete-alb complete-nlb mutual-auth-alb; do example alb "$e"; done
example autoscaling complete
example acm complete-dns-validation
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
for e in async code-signing complete deploy event-source-mapping multiple-regions simple triggers with-efs with-vpc; do example lambda "$e"; done
for e in collection complete; do example opensearch "$e"; done
for e in blue-green-deployment complete-mssql complete-mysql complete-oracle complete-postgres cross-region-replica-postgres enhanced-monitoring groups replica-mysql replica-postgres; do example rds "$e"; done
for e in autoscaling dsql global-cluster limitless multi-az mysql postgresql s3-import serverless; do example rds-aurora "$e"; done
example redshift complete
for e in account-public-access complete directory-bucket object s3-analytics s3-inventory s3-replication table-bucket; do example s3-bucket "$e"; done
example secrets-manager complete
for e in complete computed disabled dynamic http rules-only; do example security-group "$e"; done
example sns complete
example sqs complete
example step-functions complete
for e in block-public-access complete flow-log ipv6-dualstack ipv6-only manage-default-vpc network-acls outpost secondary-cidr-blocks separate-route-tables simple; do example vpc "$e"; done

for e in kms s3-bucket sns sqs vpc; do alone "$e" complete; done

own() { written "registry-$1-$2" "terraform-aws-modules/terraform-aws-$1" "examples/$2"; } # MODULE EXAMPLE
own alb complete-alb
own cloudfront complete
own ecs complete
for e in eks-hybrid-nodes eks-managed-node-group; do own eks "$e"; done
own lambda alias
own rds complete-postgres
own s3-bucket notification

# Of other authors.
written learn-drift-and-policy hashicorp-education/learn-terraform-drift-and-policy .
written learn-dynamic-credentials hashicorp-education/learn-terraform-dynamic-credentials aws/infra
written learn-github-actions hashicorp-education/learn-terraform-github-actions .
written learn-rds-upgrade hashicorp-education/learn-terraform-rds-upgrade .
written learn-state hashicorp-education/learn-terraform-state .
written learn-test hashicorp-education/learn-terraform-test .
written eks-workshop aws-samples/eks-workshop-v2 cluster/terraform
for e in c9net cicd cluster net nodeg; do written "eks-code-$e" aws-samples/terraform-eks-code "$e"; done
for e in complete_audit_framework complete_plan cross_region_backup organization_backup_policy secure_backup_configuration selection_by_tags; do written "backup-$e" lgallard/terraform-aws-backup "examples/$e"; done
for e in complete deployment/complete with-cloudwatch-event-rules with-efs with-event-source-mappings/dynamodb-with-alias with-event-source-mappings/kinesis with-sns-subscriptions with-vpc; do written "moritzzimmer-${e//\//-}" moritzzimmer/terraform-aws-lambda "examples/$e"; done
for e in autoscaling ecs instance rds redshift timezone; do written "scheduler-$e" diodonfrost/terraform-aws-lambda-scheduler-stop-start "examples/$e-scheduler"; done
for e in default ml-dsa; do written "ca-$e" serverless-ca/terraform-aws-ca "examples/$e"; done
for e in certificates default docker fleeting-plugin windows; do written "gitlab-runner-$e" cattle-ops/terraform-aws-gitlab-runner "examples/runner-$e"; done
for e in base management/root; do written "miyazaki-${e//\//-}" y-miyazaki/terraform-aws-base "terraform/$e"; done
for e in 02-intro-to-terraform-syntax/webserver-cluster 05-tips-and-tricks/loops-and-if-statements/live/global/three-iam-users-module-for-each 08-production-grade-infrastructure/small-modules/examples/alb; do written "up-and-running-${e##*/}" brikis98/terraform-up-and-running-code "code/terraform/$e"; done

while [[ -n $(jobs -rp) ]]; do wait -n || true; done
# Only what has a plan.
while IFS=$'\t' read -r name folder layout; do
  [[ ! -f $tree/plans/$name.json ]] || printf '%s\t%s\t%s\n' "$name" "$folder" "$layout"
done <"$tree/configurations.tsv" | sort -u >"$tmp/configurations.tsv"
mv "$tmp/configurations.tsv" "$tree/"
[[ ! -f $tmp/failed ]] || exit 1
for name in $wanted; do [[ $all == *" $name "* ]] || { echo "no configuration is named $name" >&2; exit 2; }; done
