package org.vocluster.vm.definition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.classad.Value;
import org.vocluster.vm.definition.VocDefinition.Attribute;
import org.vocluster.vm.definition.VocDefinition.Reading;
import org.vocluster.vm.os.Printable;

/** Checks one definition's ad attribute by attribute and keeps every problem. */
final class DefinitionReader {
  private static final int MAX_GROUP = 128;
  private static final int MAX_SHAPES = 32;
  private static final String EXAMPLE_OF_SHAPES =
      "Shapes = { [ Name = \"small\"; Cpus = 1; MemoryMb = 2048; DiskMb = 20480 ] }";

  private final String file;
  private final ClassAd ad;

  /** Where in the definition the ad stands: empty, or for a shape {@code Shapes[0].} */
  private final String place;

  private final List<Problem> problems;
  private final List<Problem> warnings;

  DefinitionReader(String file, ClassAd ad) {
    this(file, ad, "", new ArrayList<>(), new ArrayList<>());
  }

  private DefinitionReader(
      String file, ClassAd ad, String place, List<Problem> problems, List<Problem> warnings) {
    this.file = file;
    this.ad = ad;
    this.place = place;
    this.problems = problems;
    this.warnings = warnings;
  }

  Reading read() {
    warnOfUnknown();
    String name = label(Attribute.NAME, VocName.isValid(text(Attribute.NAME, "")), VocName.RULE);
    String vo = label(Attribute.VO, VoName.isValid(text(Attribute.VO, "")), VoName.RULE);
    ImageUrl url = url(Attribute.IMAGE);
    String sha =
        label(
            Attribute.IMAGE_SHA256,
            ImageDigest.isValid(text(Attribute.IMAGE_SHA256, "")),
            ImageDigest.RULE);
    List<MachineShape> shapes = shapes();
    long min = number(Attribute.MIN_NODES);
    long max = number(Attribute.MAX_NODES);
    long spare = number(Attribute.SPARE_NODES);
    long ramp = number(Attribute.RAMP_NODES);
    long idle = number(Attribute.IDLE_SECONDS);
    long minimumLifetime = number(Attribute.MINIMUM_LIFETIME_SECONDS);
    long lifetime = number(Attribute.LIFETIME_SECONDS);
    String group = accountingGroup("group_voc." + vo);
    String network = network();
    AcceleratorMode accelerator = accelerator();
    Firmware firmware = firmware();
    Optional<DirectKernel<BootFile>> kernel = kernel();
    ContextForm context = context();
    if (min > max) {
      problem(
          Attribute.MIN_NODES, "is above MaxNodes = " + max, "lower MinNodes or raise MaxNodes");
    }
    if (minimumLifetime > lifetime) {
      problem(
          Attribute.MINIMUM_LIFETIME_SECONDS,
          "is above LifetimeSeconds = " + lifetime,
          "lower it or raise LifetimeSeconds");
    }
    if (!problems.isEmpty()
        || url == null
        || accelerator == null
        || firmware == null
        || context == null) {
      return new Reading.Invalid(problems, warnings);
    }
    return new Reading.Valid(
        new VocDefinition(
            new VocName(name),
            new VoName(vo),
            url,
            new ImageDigest(sha),
            shapes,
            (int) min,
            (int) max,
            (int) spare,
            (int) ramp,
            (int) idle,
            (int) minimumLifetime,
            (int) lifetime,
            group,
            network,
            accelerator,
            firmware,
            kernel,
            context),
        warnings);
  }

  /** The top level's own sizes, or the list {@code Shapes}, but not both. */
  private List<MachineShape> shapes() {
    if (!present(Attribute.SHAPES)) {
      return List.of(shape(ShapeName.DEFAULT.value()));
    }
    for (Attribute attribute : Attribute.values()) {
      if (attribute.isOfAShape() && present(attribute)) {
        problem(attribute, "stands beside Shapes", "move it into the shapes");
      }
    }
    if (!(ad.evaluate(Attribute.SHAPES.text()) instanceof Value.ListValue list)
        || list.size() == 0
        || list.size() > MAX_SHAPES) {
      problem(
          Attribute.SHAPES,
          "is not a list of 1 to " + MAX_SHAPES + " shapes",
          "give " + EXAMPLE_OF_SHAPES);
      return List.of();
    }
    List<MachineShape> shapes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<Value> values = list.values(EvalContext.DEFAULT);
    for (int i = 0; i < values.size(); i++) {
      String place = Attribute.SHAPES.text() + "[" + i + "]";
      if (!(values.get(i) instanceof Value.AdValue shape)) {
        problems.add(
            new Problem(
                file,
                place,
                Printable.of(values.get(i).toString()),
                "is no shape",
                "give " + EXAMPLE_OF_SHAPES));
        continue;
      }
      DefinitionReader reader =
          new DefinitionReader(file, shape.ad(), place + ".", problems, warnings);
      reader.warnOfUnknown();
      String name =
          reader.label(
              Attribute.NAME, ShapeName.isValid(reader.text(Attribute.NAME, "")), ShapeName.RULE);
      if (!names.add(name)) {
        reader.problem(Attribute.NAME, "is the name of another shape too", "rename one of the two");
      }
      shapes.add(reader.shape(ShapeName.isValid(name) ? name : ShapeName.DEFAULT.value()));
    }
    Collections.sort(shapes);
    return shapes;
  }

  private MachineShape shape(String name) {
    return new MachineShape(
        new ShapeName(name),
        (int) number(Attribute.CPUS),
        number(Attribute.MEMORY_MB),
        number(Attribute.DISK_MB),
        (int) number(Attribute.GPUS));
  }

  private boolean belongsHere(Attribute attribute) {
    return place.isEmpty() || attribute == Attribute.NAME || attribute.isOfAShape();
  }

  private void warnOfUnknown() {
    for (String name : ad.names()) {
      boolean known = false;
      String nearest = "";
      int least = Integer.MAX_VALUE;
      for (Attribute attribute : Attribute.values()) {
        if (!belongsHere(attribute)) {
          continue;
        }
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
                place + Printable.of(name),
                written(name),
                place.isEmpty()
                    ? "is no attribute of a VOC definition and is ignored"
                    : "is no attribute of a shape and is ignored",
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

  private @Nullable ImageUrl url(Attribute attribute) {
    if (!present(attribute)) {
      missing(attribute);
      return null;
    }
    return switch (ImageUrl.parse(text(attribute, ""))) {
      case ImageUrl.Parsed.Ok ok -> ok.url();
      case ImageUrl.Parsed.Refused refused -> {
        problem(
            attribute,
            refused.reason(),
            attribute == Attribute.IMAGE
                ? "give a string like \"https://images.example.org/cms.qcow2\" or \"file:/srv/images/cms.qcow2\""
                : "give a string as in " + example(attribute));
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

  private @Nullable Firmware firmware() {
    Firmware firmware = Firmware.of(text(Attribute.FIRMWARE, Firmware.BIOS.text()));
    if (firmware == null) {
      problem(Attribute.FIRMWARE, "is no firmware", "use \"bios\" or \"uefi\", or leave it out");
    } else if (firmware == Firmware.UEFI && present(Attribute.KERNEL)) {
      problem(
          Attribute.FIRMWARE,
          "stands beside Kernel, which is started without it",
          "remove one of the two");
    }
    return firmware;
  }

  private @Nullable ContextForm context() {
    ContextForm context = ContextForm.of(text(Attribute.CONTEXT, ContextForm.FW_CFG.text()));
    if (context == null) {
      problem(
          Attribute.CONTEXT,
          "is no way to hand a node its context",
          "use \"fw_cfg\" or \"cloud-init\", or leave it out");
    }
    return context;
  }

  private Optional<DirectKernel<BootFile>> kernel() {
    if (!present(Attribute.KERNEL)) {
      for (Attribute attribute :
          List.of(
              Attribute.KERNEL_SHA256,
              Attribute.INITRD,
              Attribute.INITRD_SHA256,
              Attribute.KERNEL_ARGUMENTS)) {
        if (present(attribute)) {
          problem(attribute, "stands without Kernel", "add Kernel or remove it");
        }
      }
      return Optional.empty();
    }
    Optional<BootFile> image = bootFile(Attribute.KERNEL, Attribute.KERNEL_SHA256);
    Optional<BootFile> initrd = Optional.empty();
    if (present(Attribute.INITRD)) {
      initrd = bootFile(Attribute.INITRD, Attribute.INITRD_SHA256);
    } else if (present(Attribute.INITRD_SHA256)) {
      problem(Attribute.INITRD_SHA256, "stands without Initrd", "add Initrd or remove it");
    }
    String arguments =
        label(
            Attribute.KERNEL_ARGUMENTS,
            KernelArguments.isValid(text(Attribute.KERNEL_ARGUMENTS, "")),
            KernelArguments.RULE);
    if (image.isEmpty() || !KernelArguments.isValid(arguments)) {
      return Optional.empty();
    }
    return Optional.of(new DirectKernel<>(image.get(), initrd, new KernelArguments(arguments)));
  }

  private Optional<BootFile> bootFile(Attribute urlAttribute, Attribute shaAttribute) {
    ImageUrl url = url(urlAttribute);
    String sha = label(shaAttribute, ImageDigest.isValid(text(shaAttribute, "")), ImageDigest.RULE);
    return url == null || !ImageDigest.isValid(sha)
        ? Optional.empty()
        : Optional.of(new BootFile(url, new ImageDigest(sha)));
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
        new Problem(file, place + attribute.text(), "", "is missing", "add " + example(attribute)));
  }

  private static String example(Attribute attribute) {
    return switch (attribute) {
      case NAME, VO -> attribute.text() + " = \"cms\"";
      case IMAGE -> "Image = \"https://images.example.org/cms.qcow2\"";
      case IMAGE_SHA256 -> "ImageSha256 = \"...\" with what `sha256sum` prints for the image";
      case KERNEL -> "Kernel = \"https://images.example.org/vmlinuz\"";
      case INITRD -> "Initrd = \"https://images.example.org/initrd\"";
      case KERNEL_SHA256 -> "KernelSha256 = \"...\" with what `sha256sum` prints for the kernel";
      case INITRD_SHA256 -> "InitrdSha256 = \"...\" with what `sha256sum` prints for the initrd";
      case KERNEL_ARGUMENTS -> "KernelArguments = \"root=/dev/vda1 console=ttyS0\"";
      case CPUS -> "Cpus = 1";
      case MEMORY_MB -> "MemoryMb = 2048";
      case DISK_MB -> "DiskMb = 20480";
      case SHAPES -> EXAMPLE_OF_SHAPES;
      case GPUS,
          MIN_NODES,
          MAX_NODES,
          SPARE_NODES,
          RAMP_NODES,
          MINIMUM_LIFETIME_SECONDS,
          IDLE_SECONDS,
          LIFETIME_SECONDS,
          ACCOUNTING_GROUP,
          NETWORK,
          ACCELERATOR,
          FIRMWARE,
          CONTEXT ->
          attribute.text();
    };
  }

  private void problem(Attribute attribute, String fault, String remedy) {
    problems.add(
        new Problem(file, place + attribute.text(), written(attribute.text()), fault, remedy));
  }

  /** The value as it stands in the file; credentials in a URL are not repeated. */
  private String written(String name) {
    Expr expr = ad.expr(name);
    if (expr == null) {
      return "";
    }
    boolean isUrl =
        name.equals(Attribute.IMAGE.text())
            || name.equals(Attribute.KERNEL.text())
            || name.equals(Attribute.INITRD.text());
    if (isUrl && expr.literal() instanceof Value.Str url) {
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
