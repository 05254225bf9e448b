/*
 * The guest of AcceleratorProbe: a boot sector that takes the steps every ordinary kernel takes (real mode, protected
 * mode, paging, long mode), reads and writes memory through its own page tables, and reports by ending QEMU.
 *
 * QEMU's isa-debug-exit device at port 0xf4 ends the process with status (value << 1) | 1, so the value 0x2a gives 85.
 * A guest that faults on the way triple-faults, which -no-reboot turns into an end with status 0.
 *
 *   as --32 -o probe.o probe.S
 *   ld -m elf_i386 -Ttext 0x7c00 -e start --oformat binary -o probe.bin probe.o
 */
        .equ    PML4, 0x1000            /* three zeroed pages below the boot sector */
        .equ    PDPT, 0x2000
        .equ    PD,   0x3000
        .equ    STACK, 0x7c00
        .equ    EXIT_PORT, 0xf4
        .equ    EXIT_VALUE, 0x2a

        .text
        .code16
        .globl  start
start:  cli
        cld
        ljmp    $0, $1f                 /* cs = 0 whatever the BIOS chose */
1:      xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $STACK, %sp
        inb     $0x92, %al              /* A20 through the fast gate */
        orb     $2, %al
        outb    %al, $0x92
        lgdt    gdtr
        movl    %cr0, %eax
        orl     $1, %eax                /* CR0.PE */
        movl    %eax, %cr0
        ljmp    $0x08, $protected

        .code32
protected:
        movw    $0x10, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movl    $STACK, %esp

        movl    $PML4, %edi             /* zero the three tables */
        movl    $(3 * 4096 / 4), %ecx
        xorl    %eax, %eax
        rep stosl
        movl    $(PDPT + 3), PML4       /* present, writable */
        movl    $(PD + 3), PDPT
        movl    $0x83, PD               /* 2 MiB page at 0, the identity */
        movl    $0x83, PD + 8           /* and once more at 2 MiB: an alias */

        movl    %cr4, %eax
        orl     $0x20, %eax             /* CR4.PAE */
        movl    %eax, %cr4
        movl    $PML4, %eax
        movl    %eax, %cr3
        movl    $0xc0000080, %ecx       /* EFER.LME */
        rdmsr
        orl     $0x100, %eax
        wrmsr
        movl    %cr0, %eax
        orl     $0x80000000, %eax       /* CR0.PG */
        movl    %eax, %cr0
        ljmp    $0x18, $long_mode

        .code64
long_mode:
        movabsq $0x123456789abcdef0, %rax
        movq    %rax, 0x6000
        movl    $(0x200000 + 0x6000), %ebx
        cmpq    %rax, (%rbx)            /* seen through the alias: paging is on, registers are 64 bits wide */
        jne     hang
        movl    $100000, %ecx           /* some work, so that a crawling accelerator shows */
2:      rorq    $1, %rax
        addq    %rcx, 0x6000
        loop    2b
        xorl    %eax, %eax
        cpuid
        movb    $EXIT_VALUE, %al
        outb    %al, $EXIT_PORT
hang:   hlt
        jmp     hang

        .balign 8
gdt:    .quad   0
        .quad   0x00cf9a000000ffff      /* 0x08: 32-bit code */
        .quad   0x00cf92000000ffff      /* 0x10: data */
        .quad   0x00af9a000000ffff      /* 0x18: 64-bit code */
gdtr:   .word   . - gdt - 1
        .long   gdt

        .org    510
        .word   0xaa55
