/**
 * The ClassAd language of HTCondor: values, expressions, ads, matching, and the text forms they are
 * read from and written to.
 */
@NullMarked
package org.vocluster.classad;

import org.jspecify.annotations.NullMarked;
