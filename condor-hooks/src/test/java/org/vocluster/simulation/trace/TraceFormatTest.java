package org.vocluster.simulation.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.vm.definition.VoName;

class TraceFormatTest {
  private static final String AD = "QDate = 5\nJobStatus = 1\nOwner = \"m\u00fcller\"\n";
  private static final String LINE = "1 0 -1 60 1 -1 -1 1 -1 -1 1 7 1 -1 1 1 -1 -1\n";

  @TempDir Path directory;

  private Trace read(byte[] bytes) throws IOException {
    return TraceFormat.read(
        Files.write(directory.resolve("t"), bytes),
        Optional.empty(),
        UserVos.all(new VoName("cms")),
        TraceDefaults.STANDARD);
  }

  private String user(String text, Charset charset) throws IOException {
    Trace trace = read(text.getBytes(charset));
    assertEquals(List.of(), trace.problems());
    return trace.jobs().getFirst().user();
  }

  @Test
  void theFormIsToldFromTheFirstLineThatSaysSomething() throws IOException {
    for (String ads :
        List.of(
            AD,
            "\n-- Schedd: ap : <10.0.0.1:9618?a> @ now\n" + AD,
            "*** EPOCH ClusterId=1\n" + AD,
            "# kept by us\n" + AD,
            "[\n{ \"QDate\": 5, \"JobStatus\": 1, \"Owner\": \"m\u00fcller\" }\n]\n",
            "{\"QDate\": 5, \"JobStatus\": 1, \"Owner\": \"m\u00fcller\"}\n",
            "<?xml version=\"1.0\"?>\n<classads><c><a n=\"QDate\"><i>5</i></a>"
                + "<a n=\"JobStatus\"><i>1</i></a><a n=\"Owner\"><s>m\u00fcller</s></a></c>\n")) {
      assertEquals("m\u00fcller", user(ads, StandardCharsets.UTF_8), ads);
    }
    for (String lines :
        List.of(
            LINE,
            "; UnixStartTime = 5\n" + LINE,
            "\n#Date = x\n" + LINE,
            LINE.strip() + " q=1:ppn=2\n")) {
      assertEquals("7", user(lines, StandardCharsets.UTF_8), lines);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE"})
  void aByteOrderMarkSaysHowTheTextIsWritten(String charset) throws IOException {
    String mark = charset.equals("UTF-16") ? "" : "\ufeff";
    assertEquals("m\u00fcller", user(mark + AD, Charset.forName(charset)));
  }

  @ParameterizedTest
  @CsvSource({"xz, 253377XZ", "bzip2, BZh91AY", "zip, PK"})
  void whatOthersCompressedIsNamed(String by, String unused) {
    byte[] start =
        switch (by) {
          case "xz" -> new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};
          case "bzip2" -> unused.getBytes(StandardCharsets.US_ASCII);
          default -> new byte[] {'P', 'K', 3, 4, 0};
        };
    assertEquals(
        "it is compressed with " + by + "; unpack it first",
        assertThrows(IOException.class, () -> read(start)).getMessage());
  }
}
