#!/bin/sh
# Gives a container its own view of its image, starts it with the OCI runtime, and keeps its exit code. Runs in the network
# and mount namespaces of the task, so that the mount is nobody else's and goes with the task. It knows nothing of the agent.
# usage: container.sh BUNDLE RUNTIME [ARGUMENT...]
#   BUNDLE   directory with config.json, and `image` (a link to the unpacked image, which is never written to), `upper`,
#            `work` and `root`; paths below it are relative, since a colon or a comma in one would end an option of mount
set -eu
cd "$1"
shift
mount -t overlay overlay -o lowerdir=image,upperdir=upper,workdir=work root
code=0
"$@" || code=$?
# Without room on the disk nobody is told, and it ends all the same.
echo "$code" >exit || true
exit "$code"
