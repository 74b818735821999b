#!/usr/bin/env bash
# In the container: the README's commands in their order. usage: inside.sh [STEP...]
set -euo pipefail
url="http://localhost:$HIGHLANDS_PORT/?name=Hello"
npm start --silent -- --port "$HIGHLANDS_PORT"
curl --silent --fail --max-time 10 "$url"
echo
npm test --silent ${1+-- "$@"}
# The tests have regions of their own: this one is the user's.
curl --silent --fail --max-time 10 "$url"
echo
npm stop --silent
