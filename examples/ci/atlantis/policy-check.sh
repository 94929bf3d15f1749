#!/usr/bin/env bash
# Reviews the plan at $SHOWFILE and comments. Atlantis takes the word "fail" in the output for a plan that has not passed, so
# nothing of the plan is printed.
set -euo pipefail

home=${LEASEHOLD_HOME:?where Leasehold is}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One comment for every project of a pull request.
name=$(printf '%s' "${PROJECT_NAME:-$REPO_REL_DIR-$WORKSPACE}" | tr -c 'A-Za-z0-9._' '-' | sed 's/^[^A-Za-z0-9]*//; s/--*/-/g')
mkdir "$work/plans"
cp "$SHOWFILE" "$work/plans/${name:-plan}.json"

code=0
LEASEHOLD=${LEASEHOLD:-node $home/lib/cli/bin/leasehold.js} \
  bash "$home/examples/ci/review.sh" "$work/plans" "$work/reviews" > /dev/null 2>&1 || code=$?

GITHUB_API_URL=${GITHUB_API_URL:-https://api.github.com} GITHUB_REPOSITORY="$BASE_REPO_OWNER/$BASE_REPO_NAME" \
  GITHUB_TOKEN="$ATLANTIS_GH_TOKEN" COMMENT_AUTHOR="$ATLANTIS_GH_USER" HEAD_SHA="$HEAD_COMMIT" PULL_NUMBER="$PULL_NUM" \
  ONE_OF_SEVERAL=1 REVIEW_CODE="$code" node "$home/examples/ci/publish.mjs" github "$work/reviews" > /dev/null

case $code in
  0) echo 'leasehold: pass' ;;
  1) echo 'leasehold: fail: there are findings, see the comment' ;;
  *) echo 'leasehold: fail: the plan could not be reviewed' ;;
esac
