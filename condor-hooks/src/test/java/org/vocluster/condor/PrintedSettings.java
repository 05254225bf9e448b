package org.vocluster.condor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What daemons of real pools printed of their settings; for tests. */
public final class PrintedSettings {
  private PrintedSettings() {}

  /**
   * As the tool printed it.
   *
   * @param name {@code schedd-sound-23.9}
   */
  public static String text(String name) {
    String file = "/org/vocluster/sizing/standing/" + name + ".txt";
    try (InputStream in =
        Objects.requireNonNull(PrintedSettings.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static InForce read(String name, List<String> knobs) {
    return of(text(name), knobs);
  }

  public static InForce of(String text, List<String> knobs) {
    List<String> asked = new ArrayList<>(knobs);
    asked.add("TRUST_DOMAIN");
    return InForce.read(text, asked);
  }
}
