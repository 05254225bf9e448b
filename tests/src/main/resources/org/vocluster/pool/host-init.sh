# First process of a pool's host, in new mount, PID, UTS and IPC namespaces and the host's network
# namespace: mounts the host's root, moves into it and reaps zombies from then on. When it dies, so
# does everything in the host.  Arguments: BASE-ROOT HOST-DIRECTORY SHARED-DIRECTORY HOST-NAME
set -eu
base=$1 dir=$2 share=$3 name=$4

mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$base,upperdir=$dir/upper,workdir=$dir/work" "$dir/root"
cd "$dir/root"
mount -t proc -o nosuid,nodev,noexec proc proc
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
mount -t tmpfs -o mode=755,nosuid tmpfs dev
mkdir dev/pts dev/shm dev/net run/lock
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm

device() { # NAME MAJOR MINOR, if the machine has it
  if [ -c "/dev/$1" ]; then mknod -m 666 "dev/$1" c "$2" "$3"; fi
}
device null 1 3
device zero 1 5
device full 1 7
device random 1 8
device urandom 1 9
device tty 5 0
device kvm 10 232
device net/tun 10 200
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr

mkdir -p srv/share
mount --bind "$share" srv/share
mount -o remount,bind,ro,nosuid,nodev srv/share
hostname "$name"

pivot_root . .
umount -l .
cd /
systemd-tmpfiles --create --boot --exclude-prefix=/dev --exclude-prefix=/proc --exclude-prefix=/sys || true
: > /run/host-is-up
exec tini -- sleep infinity
