package org.vocluster.sizing.collector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.condor.Aside;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.journal.SizerLog;
import org.vocluster.vm.os.CommandException;

/** Puts the VOCs' ads into the collector, at once when something changed but not too often. */
public final class VocAdPublisher {
  private static final Duration AT_LEAST = Duration.ofSeconds(60);
  private static final Duration AT_MOST = Duration.ofSeconds(1);

  private interface FileUse {
    void with(Path file) throws CommandException;
  }

  private final HtCondor condor;
  private final Aside aside;
  private final SizerLog log;
  private final String accessPoint;
  private final Path file;
  private final Map<String, ClassAd> ads = new TreeMap<>();
  private Set<String> published = Set.of();
  private boolean changed = true;
  private boolean publishing;
  private Instant last = Instant.EPOCH;

  /**
   * @param directory of the size hook's account, for the tool's input
   */
  public VocAdPublisher(
      HtCondor condor, Aside aside, SizerLog log, String accessPoint, Path directory) {
    this.condor = condor;
    this.aside = aside;
    this.log = log;
    this.accessPoint = accessPoint;
    this.file = directory.resolve(".published.ad");
  }

  /** Takes the ads to publish, by VOC. */
  public void set(Map<String, ClassAd> fresh) {
    changed |= !withoutHeartbeat(fresh).equals(withoutHeartbeat(ads));
    ads.clear();
    ads.putAll(fresh);
  }

  private static Map<String, ClassAd> withoutHeartbeat(Map<String, ClassAd> ads) {
    Map<String, ClassAd> result = new HashMap<>();
    ads.forEach((name, ad) -> result.put(name, ad.without(Attr.HEARTBEAT)));
    return result;
  }

  /** Publishes if it is time to. */
  public void publish(Instant now) {
    if (publishing || now.isBefore(last.plus(changed ? AT_MOST : AT_LEAST))) {
      return;
    }
    Set<String> gone = new HashSet<>(published);
    gone.removeAll(ads.keySet());
    if (ads.isEmpty() && gone.isEmpty()) {
      return;
    }
    publishing = true;
    changed = false;
    last = now;
    published = Set.copyOf(ads.keySet());
    String text = ads.values().stream().map(LongForm::print).collect(Collectors.joining("\n"));
    aside.start(
        "publish VOC ads",
        () -> {
          try {
            if (!text.isEmpty()) {
              withFile(text, condor::publish);
            }
            for (String voc : gone) {
              withFile(query(voc), condor::withdraw);
            }
            return () -> {
              publishing = false;
              log.forget("publish");
            };
          } catch (CommandException | IOException e) {
            return () -> {
              publishing = false;
              log.sayOnce("publish", "publishing VOC ads failed: " + e.getMessage());
            };
          }
        });
  }

  private String query(String voc) {
    return LongForm.print(
            ClassAd.builder()
                .set(CondorAttr.MY_TYPE, "Query")
                .set(CondorAttr.TARGET_TYPE, "VOC")
                .set(CondorAttr.NAME, VocAd.nameOf(voc, accessPoint))
                .build())
        + "Requirements = TARGET.Name == MY.Name\n";
  }

  /** One at a time, so a single name will do: what a killed sizer leaves is written over. */
  private void withFile(String text, FileUse use) throws CommandException, IOException {
    try {
      Files.writeString(file, text);
      use.with(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
