/**
 * Everything needed to run one virtual machine of a VOC: definition, image, overlay, context, QEMU.
 */
@NullMarked
package org.vocluster.vm;

import org.jspecify.annotations.NullMarked;
