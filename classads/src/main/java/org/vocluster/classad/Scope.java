package org.vocluster.classad;

import org.jspecify.annotations.Nullable;

/**
 * An ad during an evaluation, with the ad that encloses it. The ads of a match also know each
 * other.
 */
final class Scope {
  final ClassAd ad;
  final @Nullable Scope parent;

  /** The other ad of a match, where an unscoped name is looked up at last (condor mode only). */
  @Nullable Scope alternate;

  /** The match this scope is the top of, or a side of. */
  @Nullable MatchScopes match;

  private Value.@Nullable AdValue value;

  Scope(ClassAd ad, @Nullable Scope parent) {
    this.ad = ad;
    this.parent = parent;
  }

  Value.AdValue value() {
    Value.AdValue v = value;
    if (v == null) {
      v = new Value.AdValue(this, false);
      value = v;
    }
    return v;
  }

  /** The ad as it is shown; the ad around a match shows both of its sides. */
  ClassAd shown() {
    return match != null && match.top == this ? match.shown() : ad;
  }

  Scope top() {
    Scope s = this;
    while (s.parent != null) {
      s = s.parent;
    }
    return s;
  }

  /** Whether the scope is this one or one around it (is_in_tree() in compat_classad.cpp). */
  boolean encloses(@Nullable Scope other) {
    Scope s = this;
    while (s != null) {
      if (s == other) {
        return true;
      }
      s = s.parent;
    }
    return false;
  }

  /** The same ad in the same surroundings, though perhaps another object. */
  @SuppressWarnings("ReferenceEquality") // an equal ad elsewhere is another ad
  boolean same(@Nullable Scope other) {
    Scope a = this;
    Scope b = other;
    while (a != b) {
      if (a == null || b == null || a.ad != b.ad) {
        return false;
      }
      a = a.parent;
      b = b.parent;
    }
    return true;
  }
}
