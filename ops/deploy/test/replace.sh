#!/bin/sh
# Replaces a node without systemd: stops the process of FOLDER, and starts BUILD. Usage: replace.sh FOLDER BUILD
set -eu
folder=$1 build=$2
if [ -e "$folder/pid" ]; then
  kill -TERM "$(cat "$folder/pid")" 2>/dev/null || true
  while kill -0 "$(cat "$folder/pid")" 2>/dev/null; do sleep 0.05; done
fi
cd "$folder/../builds/$build"
nohup node --import tsx ops/start.ts >"$folder/log" 2>&1 &
echo $! >"$folder/pid"
for _ in $(seq 300); do
  if curl --silent --fail --output /dev/null "http://$HOST:$PORT/readyz"; then
    echo "$build" >"$folder/build"
    exit
  fi
  kill -0 "$(cat "$folder/pid")" || break
  sleep 0.1
done
cat "$folder/log" >&2
exit 1
