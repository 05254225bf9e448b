/**
 * Whether HTCondor's configuration in force is what VOC rests on: its settings and ads in, what is
 * missing out. A site's own files may assign any list that ours add to, so nothing is taken for
 * granted. Sizing, {@code voc status} and {@code voc why} judge here. Pure.
 */
@NullMarked
package org.vocluster.sizing.standing;

import org.jspecify.annotations.NullMarked;
