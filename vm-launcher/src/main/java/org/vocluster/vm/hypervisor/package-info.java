/**
 * The port to whatever runs virtual machines on a PAD host: what is asked of it, in values that
 * name no hypervisor's own words.
 */
@NullMarked
package org.vocluster.vm.hypervisor;

import org.jspecify.annotations.NullMarked;
