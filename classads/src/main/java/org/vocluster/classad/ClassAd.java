package org.vocluster.classad;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of named expressions. Names are compared without regard to the case of ASCII
 * letters and keep the order and spelling of their first insertion.
 *
 * <p>The getters that evaluate do so in {@link EvalContext#DEFAULT}, without a target.
 */
public final class ClassAd {
  private static final Name TARGET = Name.of("target");
  private static final Name MY = Name.of("my");
  private static final int LOWER = 0xFFFF;
  private static final int UPPER = ~LOWER;

  public static final ClassAd EMPTY = new Builder().build();

  /**
   * Each attribute's name and expression next to each other, so that finding one touches memory
   * once.
   */
  private final Object[] entries;

  private final int size;

  /**
   * Open addressing: 1 + the attribute's index under the upper half of its name's hash, or 0. Its
   * length is a power of two.
   */
  private final int[] table;

  /** What {@link #hasTarget} and {@link #hasMy} found: 0 is not yet known, 1 no, 2 yes. */
  private byte target;

  private byte my;

  /** The order in which long form prints the attributes, once that has been asked for. */
  private int @Nullable [] byteOrder;

  private ClassAd(Object[] entries, int size, int[] table) {
    this.entries = entries;
    this.size = size;
    this.table = table;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The number of attributes. */
  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The attributes' names, in order and as spelt when first inserted. */
  public List<String> names() {
    return new AbstractList<>() {
      @Override
      public String get(int index) {
        return ByteText.toText(nameAt(index).text);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  public boolean has(String name) {
    return expr(name) != null;
  }

  /** The attribute's expression; null if there is none of that name. */
  public @Nullable Expr expr(String name) {
    return find(Name.of(ByteText.fromText(name)));
  }

  /** The attribute's value, by itself; undefined if there is none of that name. */
  public Value evaluate(String name) {
    return evaluate(name, EvalContext.DEFAULT);
  }

  /** The attribute's value, by itself; undefined if there is none of that name. */
  public Value evaluate(String name, EvalContext context) {
    Expr expr = expr(name);
    return expr == null ? Value.UNDEFINED : expr.evaluate(this, context);
  }

  /** The attribute's value while this ad is matched with the target. */
  public Value evaluate(String name, ClassAd target, EvalContext context) {
    Expr expr = expr(name);
    return expr == null ? Value.UNDEFINED : expr.evaluate(this, target, context);
  }

  /** The attribute's value if that is a string. */
  public Optional<String> string(String name) {
    return evaluate(name) instanceof Value.Str s ? Optional.of(s.text()) : Optional.empty();
  }

  /** The attribute's value if that is an integer. */
  public OptionalLong integer(String name) {
    return evaluate(name) instanceof Value.Int i
        ? OptionalLong.of(i.value())
        : OptionalLong.empty();
  }

  /** The attribute's value if that is an integer or a real. */
  public OptionalDouble number(String name) {
    Value v = evaluate(name);
    return v instanceof Value.Int || v instanceof Value.Real
        ? OptionalDouble.of(Operators.real(v))
        : OptionalDouble.empty();
  }

  /** The attribute's value if that is a boolean. */
  public Optional<Boolean> bool(String name) {
    return evaluate(name) instanceof Value.Bool b ? Optional.of(b.value()) : Optional.empty();
  }

  /** This ad with the attribute set. */
  public ClassAd with(String name, Expr expr) {
    return toBuilder().set(name, expr).build();
  }

  /** This ad with the attribute set to a constant. */
  public ClassAd with(String name, Value value) {
    return toBuilder().set(name, value).build();
  }

  /** This ad with the attribute set to a string. */
  public ClassAd with(String name, String value) {
    return toBuilder().set(name, value).build();
  }

  /** This ad with the attribute set to an integer. */
  public ClassAd with(String name, long value) {
    return toBuilder().set(name, value).build();
  }

  /** This ad with the attribute set to a boolean. */
  public ClassAd with(String name, boolean value) {
    return toBuilder().set(name, value).build();
  }

  /** This ad without the attribute. */
  public ClassAd without(String name) {
    if (!has(name)) {
      return this;
    }
    Name gone = Name.of(ByteText.fromText(name));
    Builder b = new Builder();
    for (int i = 0; i < size; i++) {
      if (!nameAt(i).matches(gone)) {
        b.put(nameAt(i), exprAt(i));
      }
    }
    return b.build();
  }

  /** This ad with all attributes of the other one on top; both stay as they are. */
  public ClassAd overlay(ClassAd other) {
    Builder b = toBuilder();
    for (int i = 0; i < other.size; i++) {
      b.put(other.nameAt(i), other.exprAt(i));
    }
    return b.build();
  }

  /** A builder that starts with this ad's attributes. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  Name nameAt(int index) {
    return (Name) entries[2 * index];
  }

  Expr exprAt(int index) {
    return (Expr) entries[2 * index + 1];
  }

  /**
   * Whether the ad itself has an attribute Target, so that the name does not mean the other ad of a
   * match.
   */
  boolean hasTarget() {
    byte known = target;
    if (known == 0) {
      known = (byte) (find(TARGET) == null ? 1 : 2);
      target = known;
    }
    return known == 2;
  }

  /** Whether the ad itself has an attribute My. */
  boolean hasMy() {
    byte known = my;
    if (known == 0) {
      known = (byte) (find(MY) == null ? 1 : 2);
      my = known;
    }
    return known == 2;
  }

  @Nullable Expr find(Name name) {
    int[] t = table;
    int mask = t.length - 1;
    int hash = name.hash;
    int slot = hash & mask;
    int entry;
    while ((entry = t[slot]) != 0) {
      if (((entry ^ hash) & UPPER) == 0) {
        int i = (entry & LOWER) - 1;
        if (((Name) entries[2 * i]).matches(name)) {
          return (Expr) entries[2 * i + 1];
        }
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }

  int[] byteOrder() {
    int[] order = byteOrder;
    if (order == null) {
      order = Order.BYTES.sort(this);
      byteOrder = order;
    }
    return order;
  }

  /** The attribute's name as the ad spells it; as asked for if it has none. */
  String spelling(Name name) {
    for (int i = 0; i < size; i++) {
      if (nameAt(i).matches(name)) {
        return nameAt(i).text;
      }
    }
    return name.text;
  }

  int height() {
    int h = 0;
    for (int i = 0; i < size; i++) {
      h = Math.max(h, exprAt(i).height);
    }
    return h;
  }

  int nodes() {
    long n = 0;
    for (int i = 0; i < size; i++) {
      n += exprAt(i).size;
    }
    return (int) Math.min(n, Integer.MAX_VALUE / 2);
  }

  boolean same(ClassAd other) {
    if (size != other.size) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      Expr theirs = other.find(nameAt(i));
      if (theirs == null || theirs.getClass() != exprAt(i).getClass() || !exprAt(i).same(theirs)) {
        return false;
      }
    }
    return true;
  }

  int hash() {
    int h = size;
    for (int i = 0; i < size; i++) {
      h += nameAt(i).hash ^ exprAt(i).hash();
    }
    return h;
  }

  /** The same attributes with equal expressions, in whatever order and case of names. */
  @Override
  public boolean equals(@Nullable Object o) {
    return this == o
        || (o instanceof ClassAd other
            && (height() > DeepStack.SAFE_LEVELS
                ? DeepStack.test(() -> same(other))
                : same(other)));
  }

  @Override
  public int hashCode() {
    return height() > DeepStack.SAFE_LEVELS ? DeepStack.get(this::hash) : hash();
  }

  /** The ad in new syntax. */
  @Override
  public String toString() {
    return NewForm.print(this);
  }

  /**
   * Collects attributes for an ad. A later value of a name replaces an earlier one in its place.
   */
  public static final class Builder {
    /** Attributes that one ad may have. */
    static final int MAX_SIZE = 32_000;

    private Object[] entries;
    private int size;
    private int[] table;
    private boolean shared;

    private Builder() {
      entries = new Object[32];
      table = new int[64];
    }

    private Builder(ClassAd ad) {
      entries = ad.entries;
      size = ad.size;
      table = ad.table;
      shared = true;
    }

    public Builder set(String name, Expr expr) {
      return put(Name.of(ByteText.fromText(name)), expr);
    }

    public Builder set(String name, Value value) {
      return set(name, Literal.constant(value));
    }

    public Builder set(String name, String value) {
      return set(name, Literal.constant(Value.of(value)));
    }

    public Builder set(String name, long value) {
      return set(name, Literal.constant(Value.of(value)));
    }

    public Builder set(String name, boolean value) {
      return set(name, value ? Literal.TRUE : Literal.FALSE);
    }

    /**
     * Sets an attribute.
     *
     * @throws IllegalArgumentException for an empty name, or more attributes than an ad may have
     */
    Builder put(Name name, Expr expr) {
      if (shared) {
        entries = Arrays.copyOf(entries, 2 * Math.max(16, size + 8));
        table = table.clone();
        shared = false;
      }
      int mask = table.length - 1;
      int slot = name.hash & mask;
      int entry;
      while ((entry = table[slot]) != 0) {
        int i = (entry & LOWER) - 1;
        if (((Name) entries[2 * i]).matches(name)) {
          entries[2 * i + 1] = expr;
          return this;
        }
        slot = slot + 1 & mask;
      }
      if (name.text.isEmpty()) {
        throw new IllegalArgumentException("an attribute's name must not be empty");
      }
      if (size == MAX_SIZE) {
        throw new IllegalArgumentException("an ad has at most " + MAX_SIZE + " attributes");
      }
      if (2 * size == entries.length) {
        entries = Arrays.copyOf(entries, size * 4);
      }
      entries[2 * size] = name;
      entries[2 * size + 1] = expr;
      size++;
      table[slot] = (name.hash & UPPER) | size;
      if (size * 4 > table.length * 3) {
        grow();
      }
      return this;
    }

    private void grow() {
      int[] wider = new int[table.length * 2];
      int mask = wider.length - 1;
      for (int i = 0; i < size; i++) {
        int hash = ((Name) entries[2 * i]).hash;
        int slot = hash & mask;
        while (wider[slot] != 0) {
          slot = slot + 1 & mask;
        }
        wider[slot] = (hash & UPPER) | (i + 1);
      }
      table = wider;
    }

    int size() {
      return size;
    }

    public ClassAd build() {
      shared = true;
      if (entries.length > 2 * size + 16) {
        entries = Arrays.copyOf(entries, 2 * size);
      }
      return new ClassAd(entries, size, table);
    }
  }
}
