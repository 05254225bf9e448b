package org.vocluster.hook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vocluster.vm.QemuArguments;

/** Counts the nodes' QEMU processes by their command lines in /proc. */
final class RunningNodes {
  private RunningNodes() {}

  /**
   * The number of QEMUs whose node files lie under a directory.
   *
   * @param execute HTCondor's EXECUTE, above all scratch directories
   */
  static int count(Path proc, Path execute) {
    String mark = QemuArguments.signature() + execute.toString().replace(",", ",,") + "/";
    int count = 0;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        try {
          String words =
              new String(
                  Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.ISO_8859_1);
          if (words.contains("\0" + mark)) {
            count++;
          }
        } catch (IOException e) {
          // Ended between listing and reading.
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return count;
  }
}
