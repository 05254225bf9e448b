package org.vocluster.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.NewForm;

/**
 * What an administrator registers for a VOC: a ClassAd file, see {@link Attribute} for its
 * attributes and limits.
 *
 * @param idleSeconds how long a node stays without a claim
 * @param lifetimeSeconds age at which a node takes no more jobs
 * @param maxNodes {@link #UNLIMITED_NODES} where the definition sets no limit
 */
public record VocDefinition(
    VocName name,
    VoName vo,
    ImageUrl imageUrl,
    ImageDigest image,
    MachineShape shape,
    int minNodes,
    int maxNodes,
    int idleSeconds,
    int lifetimeSeconds,
    String accountingGroup,
    String network,
    AcceleratorMode accelerator) {
  /** Stands for no limit of the definition's own. */
  public static final int UNLIMITED_NODES = 1_000_000;

  private static final long MAX_FILE_BYTES = 256 * 1024;

  /** What reading a file came to; carries every problem and warning at once. */
  public sealed interface Reading {
    /** What is odd but does no harm. */
    List<Problem> warnings();

    /** A definition to work with. */
    record Valid(VocDefinition definition, List<Problem> warnings) implements Reading {
      /** Copies the list. */
      public Valid {
        warnings = List.copyOf(warnings);
      }
    }

    /** No definition. */
    record Invalid(List<Problem> problems, List<Problem> warnings) implements Reading {
      /** Copies the lists. */
      public Invalid {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
      }
    }
  }

  /** Reads a definition's file; a file that cannot be read is a problem like any other. */
  public static Reading read(Path file) {
    String name = file.toString();
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        return unreadable(
            name,
            "has " + Files.size(file) + " bytes, more than the limit of " + MAX_FILE_BYTES,
            "give a VOC definition");
      }
      return parse(name, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return unreadable(
          name,
          "cannot be read: " + e.getClass().getSimpleName(),
          "check that it exists and that HTCondor's account may read it");
    }
  }

  /**
   * Takes a definition from its text.
   *
   * @param file what problems call the text's origin
   */
  public static Reading parse(String file, String text) {
    try {
      return new DefinitionReader(file, NewForm.parse(text)).read();
    } catch (ClassAdSyntaxException e) {
      return unreadable(
          file,
          "is no ClassAd: " + Printable.of(String.valueOf(e.getMessage())),
          "write [ Name = \"...\"; VO = \"...\"; ... ] and mend that place");
    }
  }

  private static Reading unreadable(String file, String fault, String remedy) {
    return new Reading.Invalid(List.of(new Problem(file, "", "", fault, remedy)), List.of());
  }

  /**
   * The definition with every value spelt out, in a fixed order: what {@link #digest} is taken of.
   */
  public String canonicalText() {
    StringBuilder out = new StringBuilder();
    for (Attribute attribute : Attribute.values()) {
      out.append(attribute.text()).append(" = ").append(attribute.canonical(this)).append('\n');
    }
    return out.toString();
  }

  /** Identifies the definition's meaning; node jobs carry it. */
  public DefinitionDigest digest() {
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-256")
              .digest(canonicalText().getBytes(StandardCharsets.UTF_8));
      return new DefinitionDigest(HexFormat.of().formatHex(sha));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The attributes of a definition: the one table of names, ranges and defaults. */
  public enum Attribute {
    NAME("Name"),
    VO("VO"),
    IMAGE("Image"),
    IMAGE_SHA256("ImageSha256"),
    CPUS("Cpus", 1, 1024),
    MEMORY_MB("MemoryMb", 64, 16L * 1024 * 1024),
    DISK_MB("DiskMb", 16, 64L * 1024 * 1024),
    MIN_NODES("MinNodes", 0, UNLIMITED_NODES, 0),
    MAX_NODES("MaxNodes", 0, UNLIMITED_NODES, UNLIMITED_NODES),
    IDLE_SECONDS("IdleSeconds", 10, 30 * 86_400, 300),
    LIFETIME_SECONDS("LifetimeSeconds", 60, 365 * 86_400, 86_400),
    ACCOUNTING_GROUP("AccountingGroup"),
    NETWORK("Network"),
    ACCELERATOR("Accelerator");

    static final long REQUIRED = -1;

    private final String text;
    private final long min;
    private final long max;
    private final long ifAbsent;

    Attribute(String text) {
      this(text, 0, 0, REQUIRED);
    }

    Attribute(String text, long min, long max) {
      this(text, min, max, REQUIRED);
    }

    Attribute(String text, long min, long max, long ifAbsent) {
      this.text = text;
      this.min = min;
      this.max = max;
      this.ifAbsent = ifAbsent;
    }

    /** The name in the file. */
    public String text() {
      return text;
    }

    /** Least value of a number. */
    public long min() {
      return min;
    }

    /** Greatest value of a number. */
    public long max() {
      return max;
    }

    /** A number's value where the file has none, or {@link #REQUIRED}. */
    long ifAbsent() {
      return ifAbsent;
    }

    private String canonical(VocDefinition d) {
      return switch (this) {
        case NAME -> d.name.value();
        case VO -> d.vo.value();
        case IMAGE -> d.imageUrl.uri().toString();
        case IMAGE_SHA256 -> d.image.value();
        case CPUS -> Integer.toString(d.shape.cpus());
        case MEMORY_MB -> Long.toString(d.shape.memoryMb());
        case DISK_MB -> Long.toString(d.shape.diskMb());
        case MIN_NODES -> Integer.toString(d.minNodes);
        case MAX_NODES -> Integer.toString(d.maxNodes);
        case IDLE_SECONDS -> Integer.toString(d.idleSeconds);
        case LIFETIME_SECONDS -> Integer.toString(d.lifetimeSeconds);
        case ACCOUNTING_GROUP -> d.accountingGroup;
        case NETWORK -> d.network;
        case ACCELERATOR -> d.accelerator.text();
      };
    }
  }
}
