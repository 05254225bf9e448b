/**
 * Everything needed to run one virtual machine of a VOC. The rooms are a tower; each may use those
 * below it, and here they stand from the ground up:
 *
 * <ul>
 *   <li>{@code os}: what is asked of the operating system: programs, files, printable text
 *   <li>{@code definition}: what a VO writes, the names and values in it, and what is wrong with it
 *   <li>{@code node}: one node's files, secrets and context, and the processes of its host
 *   <li>{@code hypervisor}: the port: what is asked of whatever runs machines, in values
 *   <li>{@code image}: the host's images: fetched, verified, cached, leased, evicted; a node's disk
 *   <li>{@code qemu}: the port's one adapter, and nobody's business in the tower
 *   <li>{@code leftover}: what dead nodes left on a host, and its removal
 * </ul>
 */
@NullMarked
package org.vocluster.vm;

import org.jspecify.annotations.NullMarked;
