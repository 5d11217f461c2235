#!/usr/bin/env bash
# The script ./medal in clones that are moved, copied or read-only, with a cmake of two lines in place of the real one:
# it configures by writing down where it stands, and builds a program that says for which clone it was built.
#   wrapper_test.sh MEDAL
set -euo pipefail
export MEDAL_SKIP_SETUP=1
medal=$(realpath "$1")
work=$(mktemp -d)
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/bin" "$work/first"
cp "$medal" "$work/first/medal"
cat >"$work/bin/cmake" <<'STUB'
#!/usr/bin/env bash
set -e
echo "$*" >>build/calls
if [[ $1 == --preset ]]; then
  mkdir -p build/release
  [[ ! -e build/release/CMakeCache.txt ]] || { echo "CMake Error: the cache is of another folder"; exit 1; }
  echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >build/release/CMakeCache.txt
  touch build/release/build.ninja
else
  [[ ! -e break ]] || { echo "main.cpp: error: broken"; exit 1; }
  mkdir -p build/release/experiments build/release/python
  echo /bin/echo >build/release/python/interpreter
  source=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' build/release/CMakeCache.txt)
  printf '#!/bin/sh\n[ "$1" = --version ] && kill -ABRT $$\necho "of %s: $*"\n' "$source" >build/release/experiments/medal
  chmod +x build/release/experiments/medal
fi
STUB
chmod +x "$work/bin/cmake"
export PATH="$work/bin:$PATH"

# Somebody who may not write where others may not: root may write everywhere.
as_other() {
  if ((EUID == 0)); then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi
}

# expect "what for" WANTED command...: the whole output, errors too, and the exit status where it is not 0.
expect() {
  local purpose=$1 wanted=$2 said
  shift 2
  said=$("$@" 2>&1) || said="$said (exit $?)"
  if [[ $said != "$wanted" ]]; then
    printf 'FAILED: %s\n  wanted: %s\n  got:    %s\n' "$purpose" "$wanted" "$said" >&2
    exit 1
  fi
  echo "$purpose"
}
calls() { grep -c -- "$2" "$1/build/calls" || true; }

cd "$work"
expect "a fresh clone is built, then runs" "medal: building (some minutes the first time)
of $work/first: info --help" first/medal info --help
expect "a built clone runs at once" "of $work/first: info" first/medal info
expect "where it cannot be loaded for want of memory, one line says so" "medal: LibTorch cannot be loaded within 900000 kB \
of memory; raise the limit (ulimit -v) (exit 2)" bash -c 'ulimit -v 900000; first/medal info'
expect "it was configured once" 1 calls first --preset
expect "and brought up to date each time" 3 calls first --build

expect "a script of Python's is run by the interpreter that the module was built for" "script.py --fast" \
  first/medal python script.py --fast
expect "once the module is up to date" 1 calls first medal_python

cp -r first copy
expect "a copied clone builds and runs itself" "medal: building (some minutes the first time)
of $work/copy: info" copy/medal info
expect "the clone it was copied from is left alone" 4 calls first --build

mv copy moved
expect "a moved clone builds and runs itself" "medal: building (some minutes the first time)
of $work/moved: info" moved/medal info
ln -s moved link
expect "the same through a link to it, with nothing to configure" "of $work/moved: info" link/medal info

touch moved/break
expect "a build that fails says why, and where its output is" "main.cpp: error: broken
medal: the build failed; the whole output is in $work/moved/build/build.log (exit 1)" moved/medal info
rm moved/break

before=$(wc -l <moved/build/calls)
chmod -R a-w moved
expect "who may not write there runs what is built, without a word" "of $work/moved: eval" as_other moved/medal eval
expect "and has nothing to set up" "" as_other moved/medal setup
expect "but is told why it cannot test" "medal: the tests write into $work/moved/build/release and you may not; \
copy $work/moved, and run the copy's ./medal test (exit 2)" as_other moved/medal test
expect "nothing was built meanwhile" "$before" bash -c 'wc -l <moved/build/calls'
chmod -R u+w moved
mkdir empty
cp "$medal" empty/medal
chmod a-w empty
expect "where nothing is built either, one line says so" "medal: nothing is built in $work/empty and you may not write \
there; copy it, and run the copy's ./medal (exit 2)" as_other empty/medal info
