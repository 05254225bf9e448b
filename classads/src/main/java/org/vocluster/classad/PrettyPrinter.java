package org.vocluster.classad;

/** Writes ads and lists over several lines, as PrettyPrint in sink.cpp does and unparse() shows. */
final class PrettyPrinter extends Printer {
  private static final int AD_INDENT = 4;
  private static final int LIST_INDENT = 3;

  private final ByteBuilder out;
  private int indent;

  PrettyPrinter(ByteBuilder out) {
    super(out, false);
    this.out = out;
  }

  private void line() {
    out.append('\n');
    for (int i = 0; i < indent; i++) {
      out.append(' ');
    }
  }

  @Override
  void list(ListExpr list) {
    indent += LIST_INDENT;
    line();
    out.append('{');
    indent += LIST_INDENT;
    for (int i = 0; i < list.elements.length; i++) {
      line();
      expr(list.elements[i]);
      if (i + 1 < list.elements.length) {
        out.append(',');
      }
    }
    indent -= LIST_INDENT;
    line();
    out.append('}');
    indent -= LIST_INDENT;
  }

  @Override
  void ad(ClassAd ad) {
    indent += AD_INDENT;
    line();
    out.append('[');
    indent += AD_INDENT;
    int[] order = Order.LIBRARY.sort(ad);
    for (int i = 0; i < order.length; i++) {
      line();
      name(ad.nameAt(order[i]).text);
      out.append(" = ");
      expr(ad.exprAt(order[i]));
      if (i + 1 < order.length) {
        out.append("; ");
      }
    }
    indent -= AD_INDENT;
    line();
    out.append(']');
    indent -= AD_INDENT;
  }
}
