package org.vocluster.vm.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vocluster.vm.definition.ImageUrl;
import org.vocluster.vm.os.AtomicFile;
import org.vocluster.vm.os.KeyValues;
import org.vocluster.vm.os.Sha256;

/**
 * Where a part comes from and how large it may become. {@link Stager} alone writes it, for the next
 * fetch and for all who ask for room. It stands in a world-readable directory, so the URL is only
 * marked.
 *
 * @param mark tells URLs apart
 * @param validator as in {@link ImageSource}
 * @param total bytes of the whole image, or -1
 * @param reserved as in {@link ImageStore.Part}
 */
record PartOrigin(String mark, String validator, long total, long reserved) {
  static PartOrigin of(ImageUrl url, ImageSource source) {
    return new PartOrigin(mark(url), source.validator(), source.total(), 0);
  }

  static PartOrigin read(Path file) {
    try {
      Map<String, String> lines = KeyValues.parse(Files.readString(file, StandardCharsets.UTF_8));
      return new PartOrigin(
          lines.getOrDefault("url", ""),
          lines.getOrDefault("validator", ""),
          Long.parseLong(lines.getOrDefault("total", "-1")),
          Long.parseLong(lines.getOrDefault("reserved", "0")));
    } catch (IOException | NumberFormatException e) {
      return new PartOrigin("", "", -1, 0);
    }
  }

  void write(Path file) throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("url", mark);
    lines.put("validator", validator);
    lines.put("total", Long.toString(total));
    lines.put("reserved", Long.toString(reserved));
    AtomicFile.write(file, KeyValues.print(lines), "rw-r--r--");
  }

  PartOrigin reserving(long bytes) {
    return new PartOrigin(mark, validator, total, bytes);
  }

  boolean isOf(ImageUrl url) {
    return mark.equals(mark(url));
  }

  private static String mark(ImageUrl url) {
    return Sha256.of(url.uri().toString());
  }
}
