package org.vocluster.classad;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a ClassAd expression evaluates to. {@link Undefined} and {@link Error} are values like any
 * other: nothing here is ever thrown.
 */
public sealed interface Value {
  /** The value of a missing attribute. */
  Undefined UNDEFINED = new Undefined();

  /** The value of an operation that makes no sense. */
  Error ERROR = new Error();

  static Bool of(boolean value) {
    return value ? Bool.TRUE : Bool.FALSE;
  }

  static Int of(long value) {
    return Int.of(value);
  }

  static Real of(double value) {
    return new Real(value);
  }

  static Str of(String text) {
    return new Str(ByteText.fromText(text));
  }

  /**
   * Numbers and booleans count as booleans in conditions, non-zero as true; nothing else does. No
   * default: an interface that has one is initialised with its classes, and this one makes values
   * of them when it is, so that two threads could wait for each other.
   */
  Truth truth();

  /** How a condition sees a value. */
  enum Truth {
    TRUE,
    FALSE,
    NONE
  }

  /** {@code undefined} */
  final class Undefined implements Value {
    private Undefined() {}

    @Override
    public Truth truth() {
      return Truth.NONE;
    }

    @Override
    public String toString() {
      return "undefined";
    }
  }

  /** {@code error} */
  @SuppressWarnings("AvoidCommonTypeNames") // the language's own word
  final class Error implements Value {
    Error() {}

    @Override
    public Truth truth() {
      return Truth.NONE;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Error;
    }

    @Override
    public int hashCode() {
      return 17;
    }

    @Override
    public String toString() {
      return "error";
    }
  }

  /** {@code true} or {@code false} */
  final class Bool implements Value {
    public static final Bool TRUE = new Bool(true);
    public static final Bool FALSE = new Bool(false);

    private final boolean value;

    private Bool(boolean value) {
      this.value = value;
    }

    public boolean value() {
      return value;
    }

    @Override
    public Truth truth() {
      return value ? Truth.TRUE : Truth.FALSE;
    }

    @Override
    public String toString() {
      return value ? "true" : "false";
    }
  }

  /** A 64-bit signed integer. */
  final class Int implements Value {
    private static final Int[] SMALL = new Int[1280];

    static {
      for (int i = 0; i < SMALL.length; i++) {
        SMALL[i] = new Int(i - 256);
      }
    }

    private final long value;

    private Int(long value) {
      this.value = value;
    }

    static Int of(long value) {
      return value >= -256 && value < 1024 ? SMALL[(int) value + 256] : new Int(value);
    }

    public long value() {
      return value;
    }

    @Override
    public Truth truth() {
      return value != 0 ? Truth.TRUE : Truth.FALSE;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Int i && i.value == value;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(value);
    }

    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /** A 64-bit floating-point number. */
  record Real(double value) implements Value {
    @Override
    public Truth truth() {
      return value != 0 ? Truth.TRUE : Truth.FALSE;
    }

    @Override
    public String toString() {
      return Printer.newForm(this);
    }
  }

  /** A string of bytes, usually UTF-8. */
  final class Str implements Value {
    static final Str EMPTY = new Str("");

    final String bytes;

    Str(String bytes) {
      this.bytes = bytes;
    }

    /** The string as text; a byte that is not UTF-8 appears as a lone surrogate U+DC80..U+DCFF. */
    public String text() {
      return ByteText.toText(bytes);
    }

    /** The string's bytes, a fresh array. */
    public byte[] toByteArray() {
      return ByteText.toArray(bytes);
    }

    @Override
    public Truth truth() {
      return Truth.NONE;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Str s && s.bytes.equals(bytes);
    }

    @Override
    public int hashCode() {
      return bytes.hashCode();
    }

    @Override
    public String toString() {
      return Printer.newForm(this);
    }
  }

  /**
   * A point in time.
   *
   * @param seconds since the epoch, UTC
   * @param offset of the zone it is shown in, seconds east of Greenwich
   */
  record AbsTime(long seconds, int offset) implements Value {
    @Override
    public Truth truth() {
      return Truth.NONE;
    }

    @Override
    public String toString() {
      return Printer.newForm(this);
    }
  }

  /**
   * A span of time.
   *
   * @param seconds may be negative and fractional
   */
  record RelTime(double seconds) implements Value {
    @Override
    public Truth truth() {
      return Truth.NONE;
    }

    @Override
    public String toString() {
      return Printer.newForm(this);
    }
  }

  /** A list whose elements are evaluated only when they are asked for. */
  final class ListValue implements Value {
    final ListExpr list;
    final @Nullable Scope scope;

    /**
     * Made by a function rather than written in an ad; HTCondor tags those differently, and {@code
     * =?=} between the two kinds is false where it is an error between two of a kind.
     */
    final boolean made;

    ListValue(ListExpr list, @Nullable Scope scope, boolean made) {
      this.list = list;
      this.scope = scope;
      this.made = made;
    }

    static ListValue made(List<? extends Value> values) {
      Expr[] elements = new Expr[values.size()];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = Literal.constant(values.get(i));
      }
      return new ListValue(new ListExpr(elements), null, true);
    }

    public int size() {
      return list.elements.length;
    }

    /** The elements as written. */
    public List<Expr> expressions() {
      return List.of(list.elements);
    }

    /** The elements evaluated where the list stands. */
    public List<Value> values(EvalContext context) {
      List<Value> values = new ArrayList<>(size());
      for (int i = 0; i < size(); i++) {
        values.add(new Evaluation(context, scope).elementAt(this, i));
      }
      return values;
    }

    @Override
    public Truth truth() {
      return Truth.NONE;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof ListValue l && l.list.equals(list);
    }

    @Override
    public int hashCode() {
      return list.hashCode();
    }

    @Override
    public String toString() {
      return Printer.newForm(this);
    }
  }

  /** A nested ad, with the ads around it in which its expressions look for names. */
  final class AdValue implements Value {
    final Scope scope;
    final boolean made;

    AdValue(Scope scope, boolean made) {
      this.scope = scope;
      this.made = made;
    }

    static AdValue made(ClassAd ad) {
      return new AdValue(new Scope(ad, null), true);
    }

    public ClassAd ad() {
      return scope.shown();
    }

    @Override
    public Truth truth() {
      return Truth.NONE;
    }

    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof AdValue a && a.scope.ad.equals(scope.ad);
    }

    @Override
    public int hashCode() {
      return scope.ad.hashCode();
    }

    @Override
    public String toString() {
      return Printer.newForm(this);
    }
  }
}
