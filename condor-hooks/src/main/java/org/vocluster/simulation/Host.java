package org.vocluster.simulation;

import org.vocluster.condor.Resources;

/** A physical host with one partitionable slot. */
final class Host implements Comparable<Host> {
  private final int number;
  private final String name;
  private Resources free;

  Host(int number, Resources whole) {
    this.number = number;
    this.name = "host" + (number + 1);
    this.free = whole;
  }

  String name() {
    return name;
  }

  Resources free() {
    return free;
  }

  void take(Resources request) {
    free = free.minus(request, 1);
  }

  void giveBack(Resources request) {
    free = free.plus(request);
  }

  @Override
  public int compareTo(Host other) {
    return Integer.compare(number, other.number);
  }
}
