package org.vocluster.hook;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.LongForm;

/** One run of a hook in this process, with everything it printed. */
record HookRun(int status, String stdout, String stderr) {
  static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  static HookRun of(
      ToIntFunction<HookIo> hook,
      byte[] stdin,
      Map<String, String> environment,
      List<String> arguments) {
    return of(hook, stdin, environment, arguments, NOW);
  }

  static HookRun of(
      ToIntFunction<HookIo> hook,
      byte[] stdin,
      Map<String, String> environment,
      List<String> arguments,
      Instant now) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        hook.applyAsInt(
            new HookIo(
                new ByteArrayInputStream(stdin),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                environment,
                arguments,
                InstantSource.fixed(now)));
    return new HookRun(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Standard output as the ad that HTCondor would make of it. */
  ClassAd answer() throws ClassAdSyntaxException {
    return LongForm.parse(stdout);
  }
}
