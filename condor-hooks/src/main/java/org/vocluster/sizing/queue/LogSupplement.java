package org.vocluster.sizing.queue;

/**
 * Takes from a second look at the log only what was passed over in the first: the consumer for
 * {@code JobQueueLogReader.again}. It makes no ad and destroys none, for the first look has seen to
 * that.
 */
final class LogSupplement implements LogConsumer {
  private final AttributeUses uses;
  private final QueueAds ads;
  private final MissingAttributes.Search search;

  LogSupplement(AttributeUses uses, QueueAds ads, MissingAttributes.Search search) {
    this.uses = uses;
    this.ads = ads;
    this.search = search;
  }

  @Override
  public void reset() {
    throw new IllegalStateException("a second look changes nothing");
  }

  @Override
  public int wanted(int cluster, int proc, byte[] buffer, int from, int to) {
    if (!QueueAds.isOurs(cluster, proc)) {
      return AttributeNumbers.UNKNOWN;
    }
    if (!search.wholeClusters().isEmpty() && search.wholeClusters().contains(cluster)) {
      return uses.ofWhole(buffer, from, to);
    }
    int number = uses.find(buffer, from, to);
    return number >= 0 && search.attributes().contains(number) ? number : AttributeNumbers.UNKNOWN;
  }

  @Override
  public void create(int cluster, int proc) {}

  /** What was found so far was another ad's of the same key. */
  @Override
  public void destroy(int cluster, int proc) {
    QueueAd ad = QueueAds.isOurs(cluster, proc) ? ads.find(cluster, proc) : null;
    if (ad != null) {
      for (int number : search.attributes()) {
        ads.unset(ad, number);
      }
      ads.markChanged(ad);
    }
  }

  @Override
  public void set(int cluster, int proc, int attribute, byte[] buffer, int from, int to) {
    QueueAd ad = ads.find(cluster, proc);
    if (ad != null) {
      ads.put(ad, attribute, ads.string(buffer, from, to));
    }
  }

  @Override
  public void delete(int cluster, int proc, int attribute) {
    QueueAd ad = ads.find(cluster, proc);
    if (ad != null) {
      ads.put(ad, attribute, null);
    }
  }
}
