#!/bin/sh
# Runs a command in a namespace in which the folders of services and of dpkg are those below argument 1.
set -eu
root=$1
shift
mkdir -p "$root/usr/sbin" "$root/etc/init.d" "$root/var/lib/dpkg/info"
cp /usr/sbin/update-rc.d "$root/usr/sbin"
for folder in /usr/sbin /etc/init.d /var/lib/dpkg /etc/rc0.d /etc/rc1.d /etc/rc2.d /etc/rc3.d /etc/rc4.d /etc/rc5.d /etc/rc6.d; do
  mkdir -p "$root$folder"
  mount --bind "$root$folder" "$folder"
done
exec "$@"
