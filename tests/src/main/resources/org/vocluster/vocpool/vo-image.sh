# Makes a VO's machine image from a Debian tree, without loop devices: puts the guest package in,
# keeps only what a node needs at boot, and writes a disk that a BIOS and UEFI boot. Beside it: its
# kernel, first root and command line, for starting it without either.
# Arguments: TREE GUEST-PACKAGE IMAGE DISK-MB
set -eu
tree=$1 package=$2 image=$3 disk_mb=$4
out=$(dirname "$image")
work=$out/work
mkdir -p "$work"

# The guest package, which brings a node's context and ends the node with its HTCondor.
cp "$package" "$tree/tmp/voc-guest.deb"
chroot "$tree" dpkg -i /tmp/voc-guest.deb
rm "$tree/tmp/voc-guest.deb"

# This VO's own settings. Payload jobs run as the slot's user, with file transfer.
cat >"$tree/etc/condor/config.d/50-vo.conf" <<'EOF'
DAEMON_LIST = MASTER STARTD
# What costs seconds at each start and is of no use in these nodes: containers, settings of the
# kernel for servers, transfers by Python programs, each of which is asked what it can. One plugin
# has to stay: with an empty list, condor_starter of 23.9 crashes when it is asked for its abilities.
DOCKER =
SINGULARITY =
FILETRANSFER_PLUGINS = $(LIBEXEC)/curl_plugin
ENABLE_KERNEL_TUNING = False
# Nothing to suspend or preempt for: nobody else uses a node.
SUSPEND = False
PREEMPT = False
KILL = False
EOF

# Network: whatever the hypervisor's DHCP server says, asked for by a client of a few kilobytes; no
# name server is asked for anything. The kernel's own names and modes of devices do for a node.
cat >"$tree/etc/systemd/system/node-network.service" <<'EOF'
[Unit]
Description=Network of a node, by DHCP
DefaultDependencies=no
After=network-pre.target
Before=network-online.target
[Service]
Type=forking
ExecStart=/usr/bin/busybox udhcpc -i eth0 -s /usr/libexec/node-network -b -t 5 -T 1 -A 5
Restart=on-failure
[Install]
WantedBy=network-online.target
EOF
cat >"$tree/usr/libexec/node-network" <<'EOF'
#!/usr/bin/busybox sh
# Called by udhcpc with the event, and the lease in the environment.
b=/usr/bin/busybox
case $1 in
  deconfig) $b ip link set "$interface" up ;;
  bound | renew)
    $b ip address replace "$ip/$mask" dev "$interface"
    for gateway in ${router:-}; do $b ip route replace default via "$gateway"; done
    ;;
esac
EOF
chmod 755 "$tree/usr/libexec/node-network"
echo "127.0.0.1 localhost" >"$tree/etc/hosts"
echo "node" >"$tree/etc/hostname"
: >"$tree/etc/resolv.conf"
# Empty, not missing: every boot gets an identity of its own, and none counts as the first.
: >"$tree/etc/machine-id"
: >"$tree/etc/fstab"
rm -f "$tree/var/lib/dbus/machine-id"

mkdir -p "$tree/etc/systemd/journald.conf.d" "$tree/etc/systemd/system-generators"
cat >"$tree/etc/systemd/journald.conf.d/10-node.conf" <<'EOF'
[Journal]
Storage=volatile
RuntimeMaxUse=16M
Audit=no
ReadKMsg=no
EOF

chroot "$tree" systemctl --quiet enable node-network.service condor.service voc-context.service
chroot "$tree" systemctl --quiet set-default multi-user.target

# Nobody logs in, nothing is updated, and no state is kept.
for unit in \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer \
  e2scrub_all.timer e2scrub_reap.service systemd-tmpfiles-clean.timer \
  getty@.service getty-static.service getty.target serial-getty@.service console-getty.service \
  systemd-logind.service systemd-user-sessions.service systemd-ask-password-wall.path \
  systemd-ask-password-console.path remote-fs.target \
  dbus.service dbus.socket systemd-hostnamed.socket systemd-creds.socket systemd-initctl.socket \
  systemd-sysext.socket systemd-pcrextend.socket systemd-pcrlock.socket \
  systemd-pcrmachine.service systemd-pcrphase.service systemd-pcrphase-sysinit.service \
  systemd-tpm2-setup.service systemd-tpm2-setup-early.service systemd-pstore.service \
  systemd-binfmt.service proc-sys-fs-binfmt_misc.automount systemd-hibernate-clear.service \
  systemd-firstboot.service systemd-machine-id-commit.service systemd-hwdb-update.service \
  systemd-journal-catalog-update.service systemd-journal-flush.service ldconfig.service \
  systemd-update-done.service systemd-sysusers.service systemd-random-seed.service \
  systemd-modules-load.service systemd-remount-fs.service systemd-networkd-persistent-storage.service \
  kmod-static-nodes.service systemd-udev-load-credentials.service modprobe@.service \
  systemd-timesyncd.service systemd-resolved.service systemd-networkd.service \
  systemd-network-generator.service systemd-sysctl.service systemd-tmpfiles-setup-dev.service \
  systemd-tmpfiles-setup-dev-early.service systemd-udevd.service systemd-udev-trigger.service \
  systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd-varlink.socket \
  dev-hugepages.mount dev-mqueue.mount sys-kernel-config.mount sys-kernel-debug.mount \
  sys-kernel-tracing.mount sys-fs-fuse-connections.mount tmp.mount; do
  ln -sf /dev/null "$tree/etc/systemd/system/$unit"
done
for generator in "$tree"/usr/lib/systemd/system-generators/*; do
  ln -sf /dev/null "$tree/etc/systemd/system-generators/${generator##*/}"
done
# Kernel and a first root that only finds the disk: all else that it needs is built in.
version=$(ls "$tree/usr/lib/modules")
first=$work/first
mkdir -p "$first/bin" "$first/dev" "$first/root"
cp "$tree/usr/bin/busybox" "$first/bin/busybox"
for module in virtio_blk; do
  xz -dc "$tree/usr/lib/modules/$version/kernel/drivers/block/$module.ko.xz" >"$first/$module.ko"
done
cat >"$first/init" <<'EOF'
#!/bin/busybox sh
b=/bin/busybox
$b mount -t devtmpfs dev /dev
$b insmod /virtio_blk.ko
n=0
until [ -b /dev/vda2 ]; do
  n=$((n + 1))
  [ $n -lt 1000 ] || { echo "no disk /dev/vda with a second partition"; $b poweroff -f; }
  $b usleep 10000
done
$b mount -t ext4 -o noatime /dev/vda2 /root || { echo "cannot mount /dev/vda2"; $b poweroff -f; }
$b chroot /root /usr/sbin/modprobe -a virtio_net virtio_rng qemu_fw_cfg
$b mount --move /dev /root/dev
exec $b switch_root /root /sbin/init
EOF
chmod 755 "$first/init"
(cd "$first" && find . | sort | cpio --quiet -o -H newc -R 0:0) >"$work/initrd"
cp "$tree/boot/vmlinuz-$version" "$work/vmlinuz"
rm -rf "$tree/boot" && mkdir "$tree/boot"
arguments="console=ttyS0 quiet panic=5 net.ifnames=0 mitigations=off audit=0 lsm=capability systemd.show_status=no systemd.log_target=journal"
cat >"$work/syslinux.cfg" <<EOF
DEFAULT node
PROMPT 0
LABEL node
  LINUX /vmlinuz
  INITRD /initrd
  APPEND $arguments
EOF
# UEFI starts systemd's loader from where it looks on any disk, and that reads this.
mkdir -p "$work/EFI/BOOT" "$work/loader/entries"
mv "$tree/usr/lib/systemd/boot/efi/systemd-bootx64.efi" "$work/EFI/BOOT/BOOTX64.EFI"
rm -rf "$tree/usr/lib/systemd/boot/efi"
echo "timeout 0" >"$work/loader/loader.conf"
printf 'title node\nlinux /vmlinuz\ninitrd /initrd\noptions %s\n' "$arguments" >"$work/loader/entries/node.conf"

# What was only needed to build the tree.
rm -rf "$tree"/var/cache/* "$tree"/var/lib/apt/lists/* "$tree"/var/log/* "$tree"/usr/lib/udev/hwdb.*
install -d -m 755 "$tree/var/log/condor"
chroot "$tree" chown condor:condor /var/log/condor

# Disk: one MiB, a FAT partition to boot from, the root.
boot_mb=24
disk=$work/disk
truncate -s "${disk_mb}M" "$disk"
printf 'label: dos\nstart=1MiB, size=%sMiB, type=e, bootable\nstart=%sMiB, type=83\n' \
  "$boot_mb" "$((boot_mb + 1))" | sfdisk --quiet "$disk"
dd if=/usr/lib/syslinux/mbr/mbr.bin of="$disk" bs=440 count=1 conv=notrunc status=none
mkfs.vfat -F 16 -n BOOT --offset 2048 "$disk" $((boot_mb * 1024)) >"$work/mkfs.log"
syslinux --install --offset 1048576 "$disk"
MTOOLS_SKIP_CHECK=1 mcopy -s -i "$disk@@1M" "$work/syslinux.cfg" "$work/vmlinuz" "$work/initrd" \
  "$work/EFI" "$work/loader" ::/
root_mb=$((disk_mb - boot_mb - 1))
mke2fs -q -t ext4 -L root -m 0 -d "$tree" -E "lazy_itable_init=0,lazy_journal_init=0,offset=$(((boot_mb + 1) << 20))" \
  -O '^has_journal,^metadata_csum,^resize_inode,^orphan_file' -N 65536 "$disk" "${root_mb}M"
qemu-img convert -f raw -O qcow2 ${VO_CONVERT--c -o compression_type=zstd} "$disk" "$image"
mv "$work/vmlinuz" "$work/initrd" "$out"
echo "$arguments" >"$out/cmdline"
rm -rf "$work"
