package org.vocluster.hook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vocluster.ad.Attr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.LongForm;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.KeyValues;

/**
 * Remembers from run to run what this startd was last told, so that the collector is troubled at
 * once with what is new and not with a heartbeat. A startd that has started anew knows nothing and
 * has told the collector nothing.
 */
final class LastPublished {
  private static final String FILE = "published";

  private final Path file;
  private final String startd;

  /**
   * @param startd identifies the running startd
   */
  LastPublished(Path state, String startd) {
    this.file = state.resolve(FILE);
    this.startd = startd;
  }

  /** The running startd, which is this process's parent. */
  static String parent() {
    return ProcessHandle.current()
        .parent()
        .map(p -> p.pid() + " " + p.info().startInstant().map(String::valueOf).orElse("?"))
        .orElse("none");
  }

  /** Whether the ad differs, but for its heartbeat, from the one of the last call; keeps it. */
  boolean isNews(ClassAd ad) {
    String text = LongForm.print(ad.without(Attr.HEARTBEAT));
    Map<String, String> now = new LinkedHashMap<>();
    now.put("startd", startd);
    now.put("ad", text.length() + " " + Integer.toHexString(text.hashCode()));
    try {
      if (now.equals(KeyValues.parse(Files.readString(file, StandardCharsets.UTF_8)))) {
        return false;
      }
    } catch (IOException e) {
      // Nothing published yet.
    }
    try {
      AtomicFile.write(file, KeyValues.print(now), "rw-r--r--");
    } catch (IOException e) {
      return true;
    }
    return true;
  }
}
