/** The command for people: evaluate, match, convert and analyse ClassAds from files. */
@NullMarked
package org.vocluster.classad.tool;

import org.jspecify.annotations.NullMarked;
