#!/bin/sh
# Does once what a region does all the time, in namespaces that end with it, and prints a word for each thing that the kernel
# or a container's rules refuse. Nothing is printed when all is well; the complaint of unshare when not even that works.
# usage: rights.sh DIRECTORY [USER-OPTIONS-OF-UNSHARE...]
#   DIRECTORY  an empty one, on the file system where the region keeps its state
directory=$1
shift
# shellcheck disable=SC2016
exec unshare "$@" -m -p --fork --kill-child=KILL --propagation private sh -c '
  refused() { "$@" >/dev/null 2>&1 && return 1 || return 0; }
  refused mount -t proc proc /proc && echo proc
  unshare -n -m --propagation private sh -c "
    refused() { \"\$@\" >/dev/null 2>&1 && return 1 || return 0; }
    cd \"$1\" && mkdir lower upper work view
    refused sh -c \"echo 1 >/proc/sys/net/ipv4/ip_forward\" && echo forwarding
    refused mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work view && echo overlay
    if command -v ip >/dev/null; then
      refused ip link add one type veth peer name two && echo veth
    fi
    if command -v iptables-restore >/dev/null; then
      printf \"*filter\n-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\nCOMMIT\n*nat\n-A OUTPUT -p tcp -j REDIRECT --to-ports 1\n-A PREROUTING -p tcp -m addrtype ! --src-type LOCAL -m comment --comment x -j ACCEPT\nCOMMIT\n\" >rules
      refused iptables-restore rules && echo iptables
    fi
    exit 0
  " || echo network
' rights "$directory"
