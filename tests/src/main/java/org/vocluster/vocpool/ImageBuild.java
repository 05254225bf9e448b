package org.vocluster.vocpool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vocluster.pool.Bootstrap;
import org.vocluster.pool.BuildCache;
import org.vocluster.pool.Command;
import org.vocluster.pool.PoolException;

/**
 * How {@link VoImage} and {@link CloudImage} are built: a script makes one qcow2 file of a tree
 * with a Debian system.
 *
 * @param script beside this class; its arguments are the tree, what the image takes besides, the
 *     file to make and its disk's size in MiB
 * @param file the image's name in its directory
 * @param bound on the script's run
 */
record ImageBuild(Bootstrap bootstrap, String script, String file, int diskMb, Duration bound) {
  /** All that the image depends on. */
  List<String> inputs(String... besides) throws IOException {
    List<String> inputs = new ArrayList<>(bootstrap.inputs());
    inputs.add("disk " + diskMb);
    inputs.addAll(List.of(besides));
    inputs.add(resource(script));
    return inputs;
  }

  /** Builds the image, read-only, and its digest beside it. */
  void into(Path directory, String... besides)
      throws IOException, PoolException, InterruptedException {
    Path tree = directory.resolve("tree");
    Path image = directory.resolve(file);
    Path program = Files.writeString(directory.resolve(script), resource(script));
    bootstrap.into(tree);
    List<String> command = new ArrayList<>(List.of("nice", "sh", program.toString()));
    command.add(tree.toString());
    command.addAll(List.of(besides));
    command.addAll(List.of(image.toString(), Integer.toString(diskMb)));
    Command.run(bound, command).orThrow();
    BuildCache.remove(tree);
    String digest = Command.run("sha256sum", image.toString()).orThrow().stdout().split(" ", 2)[0];
    Files.writeString(directory.resolve(digestFile()), digest + "  " + file + "\n");
    Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("r--r--r--"));
  }

  /** The digest of the image in a directory, in lower-case hexadecimal. */
  String digest(Path directory) throws IOException {
    return Files.readString(directory.resolve(digestFile())).split(" ", 2)[0];
  }

  private String digestFile() {
    return file + ".sha256";
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = ImageBuild.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
