# Makes a cloud image from a Debian tree as Debian lays out its own, without loop devices.
# Arguments: TREE IMAGE DISK-MB
set -eu
tree=$1 image=$2 disk_mb=$3
work=$(dirname "$image")/work
mkdir -p "$work"

# What Debian's images have beyond their packages.
echo "localhost" >"$tree/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' >"$tree/etc/hosts"
: >"$tree/etc/machine-id"
rm -f "$tree/var/lib/dbus/machine-id"
echo "LABEL=root / ext4 rw,discard,errors=remount-ro,x-systemd.growfs 0 1" >"$tree/etc/fstab"
# On a busy host the kernel may take minutes to find a disk: that is no emergency.
echo "LABEL=EFI /boot/efi vfat umask=0077,nofail,x-systemd.device-timeout=600 0 1" >>"$tree/etc/fstab"
mkdir -p "$tree/boot/efi"
ln -sf ../run/systemd/resolve/stub-resolv.conf "$tree/etc/resolv.conf"
chroot "$tree" systemctl --quiet enable systemd-networkd.service systemd-resolved.service
chroot "$tree" systemctl --quiet set-default multi-user.target

# GRUB: what grub-install and grub-mkconfig would have made on a running system.
version=$(ls "$tree/usr/lib/modules")
mkdir -p "$tree/boot/grub"
cat >"$tree/boot/grub/grub.cfg" <<EOF
set timeout=0
serial --speed=115200
terminal_output serial console
search --no-floppy --label --set=root root
linux /boot/vmlinuz-$version root=LABEL=root ro console=tty0 console=ttyS0,115200
initrd /boot/initrd.img-$version
boot
EOF
modules="part_gpt fat ext2 normal linux search search_label configfile serial terminal echo boot"
cat >"$tree/tmp/early.cfg" <<'EOF'
search --no-floppy --label --set=root root
set prefix=($root)/boot/grub
EOF
# shellcheck disable=SC2086  # modules are words
chroot "$tree" grub-mkimage -O i386-pc -p '(,gpt1)/boot/grub' -c /tmp/early.cfg -o /tmp/core.img biosdisk $modules
# shellcheck disable=SC2086
chroot "$tree" grub-mkimage -O x86_64-efi -p /boot/grub -c /tmp/early.cfg -o /tmp/bootx64.efi $modules
mkdir -p "$work/EFI/BOOT"
mv "$tree/tmp/bootx64.efi" "$work/EFI/BOOT/BOOTX64.EFI"
mv "$tree/tmp/core.img" "$work/core.img"
cp "$tree/usr/lib/grub/i386-pc/boot.img" "$work/boot.img"
rm -rf "$tree/tmp/early.cfg" "$tree"/var/cache/apt/* "$tree"/var/lib/apt/lists/*

# As in Debian's: partitions 14 (BIOS boot, 3 MiB) and 15 (EFI, 32 MiB here), then 1, the root.
disk=$work/disk
bios_at=2048 efi_at=8192 root_at=73728
truncate -s "${disk_mb}M" "$disk"
sfdisk --quiet "$disk" <<EOF
label: gpt
${disk}14 : start=$bios_at, size=6144, type=21686148-6449-6E6F-744E-656564454649
${disk}15 : start=$efi_at, size=65536, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
${disk}1 : start=$root_at, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709
EOF

# little_endian NUMBER BYTES
little_endian() {
  n=$1
  i=0
  while [ $i -lt "$2" ]; do
    # shellcheck disable=SC2059  # the format is the byte
    printf "\\$(printf '%03o' $((n & 255)))"
    n=$((n >> 8))
    i=$((i + 1))
  done
}
# The boot sector loads the first sector of the core, which loads the rest after itself.
little_endian $bios_at 8 | dd of="$work/boot.img" bs=1 seek=92 conv=notrunc status=none
little_endian $((bios_at + 1)) 8 | dd of="$work/core.img" bs=1 seek=500 conv=notrunc status=none
dd if="$work/boot.img" of="$disk" bs=440 count=1 conv=notrunc status=none
dd if="$work/core.img" of="$disk" bs=512 seek=$bios_at conv=notrunc status=none

mkfs.vfat -F 16 -n EFI --offset $efi_at "$disk" 32768 >"$work/mkfs.log"
MTOOLS_SKIP_CHECK=1 mcopy -s -i "$disk@@$((efi_at * 512))" "$work/EFI" ::/
root_kb=$(((disk_mb << 10) - root_at / 2 - 1024))
mke2fs -q -t ext4 -L root -d "$tree" -E "lazy_itable_init=0,offset=$((root_at * 512))" "$disk" "${root_kb}k"
qemu-img convert -f raw -O qcow2 ${VO_CONVERT--c -o compression_type=zstd} "$disk" "$image"
rm -rf "$work"
