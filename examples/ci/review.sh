#!/usr/bin/env bash
# Reviews every plan of a folder: plans/<name>.json becomes reviews/<name>.md, .sarif and .json. A plan that cannot be read
# gets a comment that says so: silence would look like consent.
#
#   review.sh <plans> <reviews> [option of leasehold review...]
#
# Ends with 0: no finding as severe as --fail-on says; 1: at least one; 2: a plan could not be reviewed, or there is none.
# LEASEHOLD names the program; default: leasehold.
set -euo pipefail

plans=$1
reviews=$2
shift 2
mkdir -p "$reviews"
worst=0
reviewed=0

for plan in "$plans"/*.json; do
  # What somebody else made is read as files, and as nothing else.
  [ -f "$plan" ] && [ ! -L "$plan" ] || continue
  name=$(basename "$plan" .json)
  if ! [[ $name =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$ ]] || [[ $name == *--* ]]; then
    echo "review.sh: a plan has a name that cannot be used; it was not reviewed" >&2
    worst=2
    continue
  fi
  reviewed=$((reviewed + 1))
  code=0
  ${LEASEHOLD:-leasehold} review "$plan" --name "$name" \
    --out "$reviews/$name.md" --out "$reviews/$name.sarif" --out "$reviews/$name.json" "$@" \
    > /dev/null 2> "$reviews/$name.log" || code=$?
  if [ "$code" -gt 1 ]; then
    code=2
    rm -f "$reviews/$name.sarif" "$reviews/$name.json"
    # No word of the error: it may quote the plan. It is in the log.
    printf '<!-- leasehold-review: %s -->\n## ⛔ Leasehold, `%s`: the plan could not be reviewed\n\n%s\n' "$name" "$name" \
      'Nothing is known about what it changes. The log of the review says what is wrong with it.' > "$reviews/$name.md"
    cat "$reviews/$name.log" >&2
  fi
  rm "$reviews/$name.log"
  echo "review.sh: $name: exit code $code"
  [ "$code" -le "$worst" ] || worst=$code
done

if [ "$reviewed" -eq 0 ]; then
  printf '%s\n' '<!-- leasehold-review -->' '## ⛔ Leasehold: there is no plan to review' '' \
    'Planning failed, or was not allowed to run. Nothing is known about what this changes.' > "$reviews/plan.md"
  worst=2
fi
exit "$worst"
