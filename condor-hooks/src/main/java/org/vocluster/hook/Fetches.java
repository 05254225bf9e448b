package org.vocluster.hook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vocluster.vm.definition.ImageDigest;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.image.FileKind;
import org.vocluster.vm.image.ImageStore;
import org.vocluster.vm.image.Progress;
import org.vocluster.vm.image.StageResult;
import org.vocluster.vm.image.Staging;

/**
 * The images that are being fetched, each by a thread of its own, so that a long transfer keeps
 * neither the host's ads nor other images waiting.
 */
final class Fetches {
  private static final int MOST = 4;
  private static final long MIB = 1024 * 1024;

  private final ImageStore store;
  private final Map<ImageDigest, Fetch> running = new LinkedHashMap<>();
  private final BlockingQueue<Done> done = new LinkedBlockingQueue<>();

  Fetches(ImageStore store) {
    this.store = store;
  }

  /** A fetch that has come to an end, one way or the other. */
  record Done(WantedImage image, StageResult result) {}

  /** Whether another one may start. */
  boolean hasRoom() {
    return running.size() < MOST;
  }

  boolean isRunning(ImageDigest image) {
    return running.containsKey(image);
  }

  boolean isEmpty() {
    return running.isEmpty();
  }

  void start(WantedImage image, Staging staging) {
    Fetch fetch = new Fetch(image, staging);
    running.put(image.digest(), fetch);
    fetch.start();
  }

  /** Waits for the end of a fetch, or null when the time is over. */
  @Nullable Done next(Duration bound) {
    try {
      Done ended = done.poll(bound.toNanos(), TimeUnit.NANOSECONDS);
      if (ended != null) {
        running.remove(ended.image().digest());
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** How far each is, for people; a fetch of another process as well. */
  String progress(List<ImageStore.Part> parts) {
    List<String> out = new ArrayList<>();
    for (Fetch fetch : running.values()) {
      out.add(text(fetch.image.digest(), fetch.bytes, fetch.total) + fetch.rate());
    }
    for (ImageStore.Part part : parts) {
      if (part.running() && !isRunning(part.digest())) {
        out.add(text(part.digest(), part.bytes(), part.total()));
      }
    }
    return String.join("; ", out);
  }

  private static String text(ImageDigest image, long bytes, long total) {
    return image.value().substring(0, 12)
        + ": "
        + bytes / MIB
        + (total < 0 ? " MiB" : " of " + (total + MIB - 1) / MIB + " MiB");
  }

  /** One of them. It does not keep the process from ending: what it has is kept for the next. */
  private final class Fetch extends Thread implements Progress {
    private final WantedImage image;
    private final Staging staging;
    private final long began = System.nanoTime();
    private volatile long first = -1;
    private volatile long bytes;
    private volatile long total = -1;

    Fetch(WantedImage image, Staging staging) {
      super("fetch-" + image.digest().value().substring(0, 12));
      this.image = image;
      this.staging = staging.with(this).of(image.bootFile() ? FileKind.BOOT_FILE : FileKind.IMAGE);
      setDaemon(true);
    }

    @Override
    public void at(long doneBytes, long totalBytes) {
      if (first < 0) {
        first = doneBytes;
      }
      bytes = doneBytes;
      total = totalBytes;
    }

    String rate() {
      double seconds = (System.nanoTime() - began) / 1e9;
      long tenths = Math.round((bytes - Math.max(first, 0)) * 10 / (seconds * MIB));
      return " (" + tenths / 10 + "." + tenths % 10 + " MiB/s)";
    }

    @Override
    public void run() {
      StageResult result;
      try {
        result =
            switch (ImageUrl.parse(image.url())) {
              case ImageUrl.Parsed.Ok ok -> store.stage(ok.url(), image.digest(), staging);
              case ImageUrl.Parsed.Refused refused ->
                  StageResult.Failed.of(image.url(), refused.reason());
            };
      } catch (Throwable e) {
        result = new StageResult.Failed("image " + image.digest() + ": internal fault: " + e);
      }
      var _ = done.add(new Done(image, result));
    }
  }
}
