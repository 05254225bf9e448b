/** What the sizer writes down: its log, the audit trail, the nodes' times. */
@NullMarked
package org.vocluster.sizing.journal;

import org.jspecify.annotations.NullMarked;
