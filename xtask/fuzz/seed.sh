#!/bin/sh
# Makes the seed corpus of the target `audit` from the labelled corpus and the example: see README.md.
set -eu
cd "$(dirname "$0")"
seeds=corpus/audit
mkdir -p "$seeds"
number=0

# seed CHOICE FILE…: one seed whose first byte is CHOICE (an octal escape) and whose files are parted by a form feed.
seed() {
    choice=$1
    shift
    number=$((number + 1))
    target=$seeds/seed-$number
    printf "$choice" > "$target"
    cat "$1" >> "$target"
    if [ $# -gt 1 ]; then
        printf '\f' >> "$target"
        cat "$2" >> "$target"
    fi
}

for file in $(find ../tests/corpus ../../examples -name '*.py' | sort); do
    seed '\000' "$file"
done
for file in $(find ../tests/corpus ../../examples -name '*.ipynb' | sort); do
    seed '\144' "$file"
done
for file in $(find ../tests/corpus -name 'store*.py' -o -name 'db*.py' -o -name '__init__.py' | sort); do
    for other in $(find "$(dirname "$file")" -maxdepth 1 -name '*.py' | sort); do
        [ "$other" = "$file" ] || seed '\310' "$file" "$other"
    done
done
echo "$number seeds in $seeds"
