package org.vocluster.vm.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The registered VOC definitions: the {@code *.ad} files of a directory, read when they change. */
public final class Definitions {
  public static final String SUFFIX = ".ad";

  /**
   * What the directory holds.
   *
   * @param valid by name
   * @param broken all problems of each definition with faults, by its file's name without suffix
   */
  public record Registered(Map<VocName, VocDefinition> valid, Map<String, List<String>> broken) {}

  /** Enough of a file's state to see that it changed. */
  private record Stamp(long modified, long size, @Nullable Object key) {}

  private final Path directory;
  private Map<Path, Stamp> stamps = Map.of();
  private boolean everRead;

  public Definitions(Path directory) {
    this.directory = directory;
  }

  /**
   * The definitions, if any file changed since the last call.
   *
   * @throws IOException if the directory cannot be read; what was read before still stands
   */
  public Optional<Registered> readIfChanged() throws IOException {
    Map<Path, Stamp> now = stamps();
    if (everRead && now.equals(stamps)) {
      return Optional.empty();
    }
    Registered registered = read(now.keySet());
    stamps = now;
    everRead = true;
    return Optional.of(registered);
  }

  private Map<Path, Stamp> stamps() throws IOException {
    Map<Path, Stamp> result = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Definitions::isDefinition).toList()) {
        try {
          BasicFileAttributes state = Files.readAttributes(file, BasicFileAttributes.class);
          result.put(
              file, new Stamp(state.lastModifiedTime().toMillis(), state.size(), state.fileKey()));
        } catch (NoSuchFileException e) {
          // Unregistered at this moment.
        }
      }
    }
    return result;
  }

  private static boolean isDefinition(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(SUFFIX) && !name.startsWith(".");
  }

  private static Registered read(Iterable<Path> files) {
    Map<VocName, VocDefinition> valid = new LinkedHashMap<>();
    Map<String, List<String>> broken = new LinkedHashMap<>();
    Map<VocName, Path> origin = new LinkedHashMap<>();
    for (Path file : files) {
      String stem = file.getFileName().toString();
      stem = stem.substring(0, stem.length() - SUFFIX.length());
      switch (VocDefinition.read(file)) {
        case VocDefinition.Reading.Invalid invalid ->
            broken.put(stem, invalid.problems().stream().map(Problem::message).toList());
        case VocDefinition.Reading.Valid(VocDefinition definition, List<Problem> warnings) -> {
          VocName name = definition.name();
          Path other = origin.putIfAbsent(name, file);
          if (other == null) {
            valid.put(name, definition);
          } else {
            Problem taken =
                new Problem(
                    file.toString(),
                    DefinitionAttribute.NAME.text(),
                    name.value(),
                    "is the name of " + other + " too",
                    "rename one of them, or remove one with `voc unregister`");
            broken.put(stem, List.of(taken.message()));
          }
        }
      }
    }
    return new Registered(valid, broken);
  }
}
