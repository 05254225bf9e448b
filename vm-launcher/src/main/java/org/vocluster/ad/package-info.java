/**
 * What ads call things: attributes, conditions on them, codes. The lowest room of all: values only,
 * it knows nobody.
 */
@NullMarked
package org.vocluster.ad;

import org.jspecify.annotations.NullMarked;
