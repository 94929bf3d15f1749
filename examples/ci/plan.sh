#!/usr/bin/env bash
# Plans every stack and writes plans/<stack>.json, which `leasehold review` reads. Runs code of the pull request, so it runs
# with nothing worth stealing: no secrets, no token that can write, a role that can only read.
#
#   plan.sh [folder...]
#
# Without folders: the stacks under cdktf.out/stacks where there is a cdktf.json, else the folder where it is started.
# TERRAFORM names another program, for example tofu. SYNTH is how stacks are synthesized; default: npx cdktf synth.
set -euo pipefail

terraform=${TERRAFORM:-terraform}
top=$PWD
if [ "$#" -eq 0 ]; then
  if [ -f cdktf.json ]; then
    ${SYNTH:-npx cdktf synth}
    set -- cdktf.out/stacks/*/
  else
    set -- .
  fi
fi

mkdir -p plans
for folder in "$@"; do
  name=$(basename "$(cd "$folder" && pwd)" | tr -c 'A-Za-z0-9._\n' '-' | sed 's/^[^A-Za-z0-9]*//; s/--*/-/g')
  if [ -z "$name" ] || [ -e "plans/$name.json" ]; then
    echo "plan.sh: $folder: two folders, or none, would be called \"$name\"" >&2
    exit 2
  fi
  lockfile=()
  [ ! -f "$folder/.terraform.lock.hcl" ] || lockfile=(-lockfile=readonly)
  "$terraform" -chdir="$folder" init -input=false -no-color "${lockfile[@]}"
  # A role that can only read cannot take the lock of the state.
  "$terraform" -chdir="$folder" plan -input=false -no-color -lock=false -out="$top/plans/$name.tfplan"
  "$terraform" -chdir="$folder" show -json "$top/plans/$name.tfplan" > "plans/$name.json"
  rm "plans/$name.tfplan"
done
