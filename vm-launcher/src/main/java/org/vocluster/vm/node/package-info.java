/** One node's files, secrets, context and processes on its PAD host. */
@NullMarked
package org.vocluster.vm.node;

import org.jspecify.annotations.NullMarked;
