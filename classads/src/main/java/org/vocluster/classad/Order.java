package org.vocluster.classad;

/**
 * In which order an ad's attributes are written. Sorting looks first whether anything has to be
 * done.
 */
enum Order {
  /** sPrintAd: by the bytes of the name. */
  BYTES {
    @Override
    int compare(Name a, Name b) {
      return a.prefix != b.prefix
          ? Long.compareUnsigned(a.prefix, b.prefix)
          : a.text.compareTo(b.text);
    }
  },
  /** The library's own: by length of name, then without regard to case. */
  LIBRARY {
    @Override
    int compare(Name a, Name b) {
      int d = a.text.length() - b.text.length();
      return d != 0 ? d : Name.compareIgnoreCase(a.text, b.text);
    }
  };

  abstract int compare(Name a, Name b);

  /** The attributes' indexes in this order. */
  int[] sort(ClassAd ad) {
    int n = ad.size();
    int[] order = new int[n];
    boolean sorted = true;
    for (int i = 0; i < n; i++) {
      order[i] = i;
      sorted = sorted && (i == 0 || compare(ad.nameAt(i - 1), ad.nameAt(i)) <= 0);
    }
    if (!sorted) {
      sort(ad, order.clone(), order, 0, n);
    }
    return order;
  }

  /** Merge sort; both arrays hold the same indexes in that range. */
  private void sort(ClassAd ad, int[] from, int[] to, int low, int high) {
    if (high - low < 2) {
      return;
    }
    int middle = (low + high) >>> 1;
    sort(ad, to, from, low, middle);
    sort(ad, to, from, middle, high);
    int a = low;
    int b = middle;
    for (int i = low; i < high; i++) {
      boolean left =
          b == high || (a < middle && compare(ad.nameAt(from[a]), ad.nameAt(from[b])) <= 0);
      to[i] = left ? from[a++] : from[b++];
    }
  }
}
