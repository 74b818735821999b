#!/usr/bin/env bash
# `npm run bare-machine`: the two commands of the README in containers of a Debian that has Node, Rust and Python and nothing
# else, as root and as an ordinary user. Needs root, a container engine (Debian: docker.io), debootstrap, Node and Rust.
# usage: run.sh [root|user]... [-- STEP...]
#   STEP  of npm test, all of them by default
#   DOCKER_OPTIONS     further options of docker run, such as `--network host`
#   HIGHLANDS_PORT     where the region answers in the container, 8080 by default
#   BARE_DEBIAN        a folder that debootstrap made before
#   HIGHLANDS_PREPARED a folder with a target directory of Cargo, which is copied into the clone: a build takes minutes
set -euo pipefail
cd "$(dirname "$0")/../.."
users=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  users+=("$1")
  shift
done
[ $# -eq 0 ] || shift
[ ${#users[@]} -gt 0 ] || users=(root user)

missing=()
command -v docker >/dev/null || missing+=(docker.io)
command -v debootstrap >/dev/null || missing+=(debootstrap debian-archive-keyring)
if [ ${#missing[@]} -gt 0 ]; then
  echo "── this machine lacks ${missing[*]}"
  [ "${HIGHLANDS_INSTALL:-}" != never ] || exit 69
  apt-get update -q >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
fi
docker info >/dev/null

work=$(mktemp -d)
image=highlands-bare-$$
containers=()
clean() {
  for name in ${containers[@]+"${containers[@]}"}; do docker rm --force "$name" >/dev/null 2>&1 || true; done
  docker image rm --force "$image" >/dev/null 2>&1 || true
  rm -rf "$work"
  [ "$restricted" != 1 ] || echo 1 >"$restriction"
}
# Ubuntu: a process without a profile of AppArmor may not make user namespaces, in a container neither.
restriction=/proc/sys/kernel/apparmor_restrict_unprivileged_userns
restricted=$(cat "$restriction" 2>/dev/null || true)
trap clean EXIT
if [ "$restricted" = 1 ]; then
  echo "── $restriction is 0 until the end"
  echo 0 >"$restriction"
fi

debian=${BARE_DEBIAN:-$work/debian}
if [ ! -d "$debian" ]; then
  echo "── a bare Debian"
  debootstrap --variant=minbase --include=ca-certificates,python3 bookworm "$debian" http://deb.debian.org/debian >"$work/debootstrap.log" 2>&1 ||
    { tail -20 "$work/debootstrap.log"; exit 1; }
fi
# Node and Rust are those of this machine; the certificates too, because its registries may be mirrors.
mkdir -p "$work/node/bin" "$work/node/lib/node_modules"
cp "$(node -p process.execPath)" "$work/node/bin/node"
cp -a "$(npm root --global)/npm" "$work/node/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/node/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$work/node/bin/npx"
cp /etc/ssl/certs/ca-certificates.crt "$debian/etc/ssl/certs/ca-certificates.crt"
mkdir -p "$debian/home/user"
chown 1000:1000 "$debian/home/user"
grep -q ^user: "$debian/etc/passwd" || echo 'user:x:1000:1000::/home/user:/bin/sh' >>"$debian/etc/passwd"
tar -C "$debian" -c . | docker import - "$image" >/dev/null

# What the commands themselves ask for when it is missing: see rightsObstacles in script/setup/preflight.mjs.
as_root=(--cap-add NET_ADMIN --cap-add SYS_ADMIN --cap-add SYS_PTRACE --security-opt apparmor=unconfined)
as_user=(--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined)
common=(
  --volume "$work/node:/opt/node:ro"
  --volume "$(cd services-rust && rustc --print sysroot):/opt/rust:ro"
  --volume "$PWD/script/bare-machine/inside.sh:/inside.sh:ro"
  --env PATH=/opt/node/bin:/opt/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
  --env PIP_CERT=/etc/ssl/certs/ca-certificates.crt
  --env "HIGHLANDS_PORT=${HIGHLANDS_PORT:-8080}"
  --env "HIGHLANDS_TEST_PORT=${HIGHLANDS_TEST_PORT:-18080}"
)
read -r -a further <<<"${DOCKER_OPTIONS:-}"

for user in "${users[@]}"; do
  name=$image-$user
  containers+=("$name")
  # A clone as a person makes it, on the disk of this machine: an overlay on a container's own files is not allowed.
  git clone --quiet --no-hardlinks . "$work/$user"
  [ -z "${HIGHLANDS_PREPARED:-}" ] || cp -a "$HIGHLANDS_PREPARED" "$work/$user/services-rust/target"
  if [ "$user" = root ]; then rights=("${as_root[@]}"); else rights=("${as_user[@]}"); fi
  # It keeps one process that does nothing, so that one container sees both users.
  docker run --detach --init --name "$name" "${common[@]}" "${rights[@]}" ${further[@]+"${further[@]}"} \
    --volume "$work/$user:/highlands" --workdir /highlands "$image" sleep infinity >/dev/null
  enter=(docker exec "$name")
  if [ "$user" = user ]; then
    chown -R 1000:1000 "$work/$user"
    echo "── as a user who may not install: the line to type, before anything is done"
    asked=$(docker exec --user 1000 --env HOME=/home/user "$name" npm start --silent -- --port "${HIGHLANDS_PORT:-8080}" 2>&1) && code=0 || code=$?
    echo "$asked"
    [ "$code" = 69 ] || { echo "exit code $code instead of 69"; exit 1; }
    line=$(sed -n 's/^to install: //p' <<<"$asked" | sed 's/sudo //g')
    [ ! -e "$work/$user/node_modules" ] || { echo "something was installed all the same"; exit 1; }
    # Somebody who may types it; what only the tests need is in the line of npm test.
    docker exec --env DEBIAN_FRONTEND=noninteractive "$name" sh -c "$line" >"$work/apt.log" 2>&1 || { tail -20 "$work/apt.log"; exit 1; }
    asked=$(docker exec --user 1000 --env HOME=/home/user "$name" npm test --silent 2>&1) || echo "$asked"
    line=$(sed -n 's/^to install: //p' <<<"$asked" | sed 's/sudo //g')
    docker exec --env DEBIAN_FRONTEND=noninteractive "$name" sh -c "$line" >"$work/apt.log" 2>&1 || { tail -20 "$work/apt.log"; exit 1; }
    enter=(docker exec --user 1000 --env HOME=/home/user "$name")
  fi
  echo "── as $user: npm start, npm test, and the region still answers"
  "${enter[@]}" bash /inside.sh "$@"
done
echo "passed: ${users[*]}"
