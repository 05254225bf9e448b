package org.vocluster.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;

class SamplesTest {
  @TempDir Path dir;

  @Test
  void prepareJobMakesANodeOfTheSampleSoThatTrainingSeesAllOfIt() throws Exception {
    Samples.write(dir);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(answer, false, StandardCharsets.UTF_8);
    int _ =
        PrepareJob.run(
            new HookIo(
                new ByteArrayInputStream(Files.readAllBytes(dir.resolve("job.ad"))),
                out,
                out,
                Map.of("_CONDOR_SCRATCH_DIR", dir.resolve("scratch").toString()),
                List.of(
                    "--images=" + dir.resolve("images"),
                    "--state=" + dir.resolve("state"),
                    "--qemu=/usr/bin/qemu-system-x86_64",
                    "--leases=" + dir.resolve("leases"),
                    "--accelerator=auto",
                    "--vos=*",
                    "--condor-host=192.0.2.1",
                    "--collector=192.0.2.1",
                    "--pad-host=pad.example.org",
                    "--tcg-cache-mb=128"),
                InstantSource.system()));
    assertEquals(
        OptionalLong.of(0),
        LongForm.parse(answer.toByteArray(), Language.CONDOR_23_9).integer("HookStatusCode"),
        answer.toString(StandardCharsets.UTF_8));
  }
}
