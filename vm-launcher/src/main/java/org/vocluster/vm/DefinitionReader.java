package org.vocluster.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.classad.Value;
import org.vocluster.vm.VocDefinition.Attribute;
import org.vocluster.vm.VocDefinition.Reading;

/** Checks one definition's ad attribute by attribute and keeps every problem. */
final class DefinitionReader {
  private static final int MAX_GROUP = 128;

  private final String file;
  private final ClassAd ad;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  DefinitionReader(String file, ClassAd ad) {
    this.file = file;
    this.ad = ad;
  }

  Reading read() {
    warnOfUnknown();
    String name = label(Attribute.NAME, VocName.isValid(text(Attribute.NAME, "")), VocName.RULE);
    String vo = label(Attribute.VO, VoName.isValid(text(Attribute.VO, "")), VoName.RULE);
    ImageUrl url = url();
    String sha =
        label(
            Attribute.IMAGE_SHA256,
            ImageDigest.isValid(text(Attribute.IMAGE_SHA256, "")),
            ImageDigest.RULE);
    long cpus = number(Attribute.CPUS);
    long memory = number(Attribute.MEMORY_MB);
    long disk = number(Attribute.DISK_MB);
    long min = number(Attribute.MIN_NODES);
    long max = number(Attribute.MAX_NODES);
    long idle = number(Attribute.IDLE_SECONDS);
    long lifetime = number(Attribute.LIFETIME_SECONDS);
    String group = accountingGroup("group_voc." + vo);
    String network = network();
    AcceleratorMode accelerator = accelerator();
    if (min > max) {
      problem(
          Attribute.MIN_NODES, "is above MaxNodes = " + max, "lower MinNodes or raise MaxNodes");
    }
    if (!problems.isEmpty() || url == null || accelerator == null) {
      return new Reading.Invalid(problems, warnings);
    }
    return new Reading.Valid(
        new VocDefinition(
            new VocName(name),
            new VoName(vo),
            url,
            new ImageDigest(sha),
            new MachineShape((int) cpus, memory, disk),
            (int) min,
            (int) max,
            (int) idle,
            (int) lifetime,
            group,
            network,
            accelerator),
        warnings);
  }

  private void warnOfUnknown() {
    for (String name : ad.names()) {
      boolean known = false;
      String nearest = "";
      int least = Integer.MAX_VALUE;
      for (Attribute attribute : Attribute.values()) {
        known |= attribute.text().equalsIgnoreCase(name);
        int distance = distance(lower(attribute.text()), lower(name));
        if (distance < least) {
          least = distance;
          nearest = attribute.text();
        }
      }
      if (!known) {
        warnings.add(
            new Problem(
                file,
                Printable.of(name),
                written(name),
                "is no attribute of a VOC definition and is ignored",
                least <= Math.max(2, name.length() / 2)
                    ? "did you mean " + nearest + "?"
                    : "remove it"));
      }
    }
  }

  private String label(Attribute attribute, boolean valid, String rule) {
    if (present(attribute) && !valid) {
      problem(attribute, "is not " + rule, "give it as a string of that form");
    } else if (!present(attribute)) {
      missing(attribute);
    }
    return text(attribute, "");
  }

  private @Nullable ImageUrl url() {
    if (!present(Attribute.IMAGE)) {
      missing(Attribute.IMAGE);
      return null;
    }
    return switch (ImageUrl.parse(text(Attribute.IMAGE, ""))) {
      case ImageUrl.Parsed.Ok ok -> ok.url();
      case ImageUrl.Parsed.Refused refused -> {
        problem(
            Attribute.IMAGE,
            refused.reason(),
            "give a string like \"https://images.example.org/cms.qcow2\" or \"file:/srv/images/cms.qcow2\"");
        yield null;
      }
    };
  }

  private long number(Attribute attribute) {
    if (!present(attribute)) {
      if (attribute.ifAbsent() == Attribute.REQUIRED) {
        missing(attribute);
        return attribute.min();
      }
      return attribute.ifAbsent();
    }
    long value = ad.integer(attribute.text()).orElse(-1);
    if (value < attribute.min() || value > attribute.max()) {
      problem(
          attribute,
          "is not an integer from " + attribute.min() + " to " + attribute.max(),
          "give a number in that range");
      return attribute.min();
    }
    return value;
  }

  private String accountingGroup(String ifAbsent) {
    String group = text(Attribute.ACCOUNTING_GROUP, ifAbsent);
    boolean valid = !group.isEmpty() && group.length() <= MAX_GROUP;
    for (int i = 0; i < group.length(); i++) {
      char c = group.charAt(i);
      valid &=
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '_'
              || c == '-'
              || c == '.';
    }
    if (present(Attribute.ACCOUNTING_GROUP) && !valid) {
      problem(
          Attribute.ACCOUNTING_GROUP,
          "is not a group's name",
          "use letters, digits, \"_\", \"-\" and \".\", at most " + MAX_GROUP + " characters");
    }
    return group;
  }

  private String network() {
    String network = text(Attribute.NETWORK, "user");
    if (!network.equals("user")) {
      problem(Attribute.NETWORK, "is not a known network", "use \"user\" or leave it out");
    }
    return network;
  }

  private @Nullable AcceleratorMode accelerator() {
    AcceleratorMode mode =
        AcceleratorMode.of(text(Attribute.ACCELERATOR, AcceleratorMode.AUTO.text()));
    if (mode == null) {
      problem(
          Attribute.ACCELERATOR,
          "is not an accelerator",
          "use \"auto\", \"kvm\" or \"tcg\", or leave it out");
    }
    return mode;
  }

  private boolean present(Attribute attribute) {
    return ad.has(attribute.text());
  }

  /** The string value; empty for anything else that is present. */
  private String text(Attribute attribute, String ifAbsent) {
    return present(attribute) ? ad.string(attribute.text()).orElse("") : ifAbsent;
  }

  private void missing(Attribute attribute) {
    problems.add(
        new Problem(file, attribute.text(), "", "is missing", "add " + example(attribute)));
  }

  private static String example(Attribute attribute) {
    return switch (attribute) {
      case NAME, VO -> attribute.text() + " = \"cms\"";
      case IMAGE -> "Image = \"https://images.example.org/cms.qcow2\"";
      case IMAGE_SHA256 -> "ImageSha256 = \"...\" with what `sha256sum` prints for the image";
      case CPUS -> "Cpus = 1";
      case MEMORY_MB -> "MemoryMb = 2048";
      case DISK_MB -> "DiskMb = 20480";
      case MIN_NODES,
          MAX_NODES,
          IDLE_SECONDS,
          LIFETIME_SECONDS,
          ACCOUNTING_GROUP,
          NETWORK,
          ACCELERATOR ->
          attribute.text();
    };
  }

  private void problem(Attribute attribute, String fault, String remedy) {
    problems.add(new Problem(file, attribute.text(), written(attribute.text()), fault, remedy));
  }

  /** The value as it stands in the file; credentials in a URL are not repeated. */
  private String written(String name) {
    Expr expr = ad.expr(name);
    if (expr == null) {
      return "";
    }
    if (name.equalsIgnoreCase(Attribute.IMAGE.text()) && expr.literal() instanceof Value.Str url) {
      return '"' + ImageUrl.shown(url.text()) + '"';
    }
    return Printable.of(NewForm.print(expr));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's distance, on the first 64 characters. */
  private static int distance(String a, String b) {
    String left = a.substring(0, Math.min(64, a.length()));
    String right = b.substring(0, Math.min(64, b.length()));
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
