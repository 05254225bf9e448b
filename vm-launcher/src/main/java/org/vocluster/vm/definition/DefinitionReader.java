package org.vocluster.vm.definition;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.EvalContext;
import org.vocluster.classad.Expr;
import org.vocluster.classad.NewForm;
import org.vocluster.classad.Value;
import org.vocluster.vm.definition.VocDefinition.Reading;
import org.vocluster.vm.os.Printable;

/**
 * Checks one definition's ad attribute by attribute and keeps every problem. It reads what {@link
 * DefinitionAttribute} lists and decides nothing about nodes.
 */
final class DefinitionReader {
  private static final int MAX_GROUP = 128;
  private static final int MAX_SHAPES = 32;
  private static final long MAX_FILE_BYTES = 256 * 1024;

  private final String file;
  private final ClassAd ad;

  /** Where in the definition the ad stands: empty, or for a shape {@code Shapes[0].} */
  private final String place;

  private final List<Problem> problems;
  private final List<Problem> warnings;

  private DefinitionReader(String file, ClassAd ad) {
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

  static Reading read(Path file) {
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

  static Reading parse(String file, String text) {
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

  private Reading read() {
    warnOfUnknown();
    String name =
        label(
            DefinitionAttribute.NAME,
            VocName.isValid(text(DefinitionAttribute.NAME, "")),
            VocName.RULE);
    String vo = vo();
    Optional<BootFile> image =
        bootFile(DefinitionAttribute.IMAGE, DefinitionAttribute.IMAGE_SHA256);
    List<MachineShape> shapes = shapes();
    VocDefinition.Limits limits = limits();
    VocDefinition.Times times = times();
    VocDefinition.Where where = where(vo);
    VocDefinition.Start start = start(image);
    checkOrder(limits, times);
    if (!problems.isEmpty() || where == null || start == null) {
      return new Reading.Invalid(problems, warnings);
    }
    return new Reading.Valid(
        new VocDefinition(new VocName(name), new VoName(vo), start, shapes, limits, times, where),
        warnings);
  }

  private VocDefinition.Limits limits() {
    return new VocDefinition.Limits(
        (int) number(DefinitionAttribute.MIN_NODES),
        (int) number(DefinitionAttribute.MAX_NODES),
        (int) number(DefinitionAttribute.SPARE_NODES),
        (int) number(DefinitionAttribute.RAMP_NODES));
  }

  private VocDefinition.Times times() {
    return new VocDefinition.Times(
        (int) number(DefinitionAttribute.IDLE_SECONDS),
        (int) number(DefinitionAttribute.MINIMUM_LIFETIME_SECONDS),
        (int) number(DefinitionAttribute.LIFETIME_SECONDS));
  }

  /** Null if something is wrong with it, which then is among the problems. */
  private VocDefinition.@Nullable Where where(String vo) {
    String group = accountingGroup("group_voc." + vo);
    String network = network();
    AcceleratorMode accelerator = accelerator();
    Optional<VoRealName> realName = realName();
    return accelerator == null
        ? null
        : new VocDefinition.Where(group, accelerator, network, realName);
  }

  /** The short name, which a real one in its place has as well. */
  private String vo() {
    String text = text(DefinitionAttribute.VO, "");
    if (VoName.isValid(text) || !VoRealName.isValid(text)) {
      return label(DefinitionAttribute.VO, VoName.isValid(text), VoName.RULE);
    }
    Optional<VoName> name = new VoRealName(text).shortName();
    if (name.isEmpty()) {
      problem(
          DefinitionAttribute.VO,
          "makes no short name of at most " + VoName.MAX_LENGTH + " characters for accounts",
          "choose one: VO = \"SHORT\"; VoName = \"" + text + "\"");
    }
    return name.map(VoName::value).orElse(text);
  }

  private Optional<VoRealName> realName() {
    String vo = text(DefinitionAttribute.VO, "");
    boolean inVo = !VoName.isValid(vo) && VoRealName.isValid(vo);
    if (!present(DefinitionAttribute.VO_NAME)) {
      return inVo ? Optional.of(new VoRealName(vo)) : Optional.empty();
    }
    String text = text(DefinitionAttribute.VO_NAME, "");
    if (!VoRealName.isValid(text)) {
      problem(
          DefinitionAttribute.VO_NAME,
          "is not " + VoRealName.RULE,
          "give a string as in " + DefinitionAttribute.VO_NAME.example());
      return Optional.empty();
    }
    if (inVo && !text.equals(vo)) {
      problem(
          DefinitionAttribute.VO_NAME,
          "is another real name than VO = " + vo,
          "give VO the short name, or remove VoName");
    }
    return text.equals(vo) && !inVo ? Optional.empty() : Optional.of(new VoRealName(text));
  }

  /** Null if something is wrong with it, which then is among the problems. */
  private VocDefinition.@Nullable Start start(Optional<BootFile> image) {
    Firmware firmware = firmware();
    Optional<DirectKernel<BootFile>> kernel = kernel();
    ContextForm context = context();
    NodeAttributes attributes = NodeAttributes.in(ad, file, problems).orElse(null);
    return image.isEmpty() || firmware == null || context == null || attributes == null
        ? null
        : new VocDefinition.Start(
            image.get().url(), image.get().digest(), firmware, kernel, context, attributes);
  }

  private void checkOrder(VocDefinition.Limits limits, VocDefinition.Times times) {
    if (limits.minNodes() > limits.maxNodes()) {
      problem(
          DefinitionAttribute.MIN_NODES,
          "is above MaxNodes = " + limits.maxNodes(),
          "lower MinNodes or raise MaxNodes");
    }
    if (times.minimumLifetimeSeconds() > times.lifetimeSeconds()) {
      problem(
          DefinitionAttribute.MINIMUM_LIFETIME_SECONDS,
          "is above LifetimeSeconds = " + times.lifetimeSeconds(),
          "lower it or raise LifetimeSeconds");
    }
  }

  /** The top level's own sizes, or the list {@code Shapes}, but not both. */
  private List<MachineShape> shapes() {
    if (!present(DefinitionAttribute.SHAPES)) {
      return List.of(shape(ShapeName.DEFAULT.value()));
    }
    for (DefinitionAttribute attribute : DefinitionAttribute.values()) {
      if (attribute.role() == DefinitionAttribute.Role.SHAPE && present(attribute)) {
        problem(attribute, "stands beside Shapes", "move it into the shapes");
      }
    }
    if (!(ad.evaluate(DefinitionAttribute.SHAPES.text()) instanceof Value.ListValue list)
        || list.size() == 0
        || list.size() > MAX_SHAPES) {
      problem(
          DefinitionAttribute.SHAPES,
          "is not a list of 1 to " + MAX_SHAPES + " shapes",
          "give " + DefinitionAttribute.SHAPES.example());
      return List.of();
    }
    List<MachineShape> shapes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<Value> values = list.values(EvalContext.DEFAULT);
    for (int i = 0; i < values.size(); i++) {
      String place = DefinitionAttribute.SHAPES.text() + "[" + i + "]";
      if (!(values.get(i) instanceof Value.AdValue shape)) {
        problems.add(
            new Problem(
                file,
                place,
                Printable.of(values.get(i).toString()),
                "is no shape",
                "give " + DefinitionAttribute.SHAPES.example()));
        continue;
      }
      DefinitionReader reader =
          new DefinitionReader(file, shape.ad(), place + ".", problems, warnings);
      reader.warnOfUnknown();
      String name =
          reader.label(
              DefinitionAttribute.NAME,
              ShapeName.isValid(reader.text(DefinitionAttribute.NAME, "")),
              ShapeName.RULE);
      if (!names.add(name)) {
        reader.problem(
            DefinitionAttribute.NAME, "is the name of another shape too", "rename one of the two");
      }
      shapes.add(reader.shape(ShapeName.isValid(name) ? name : ShapeName.DEFAULT.value()));
    }
    Collections.sort(shapes);
    return shapes;
  }

  private MachineShape shape(String name) {
    return new MachineShape(
        new ShapeName(name),
        (int) number(DefinitionAttribute.CPUS),
        number(DefinitionAttribute.MEMORY_MB),
        number(DefinitionAttribute.DISK_MB),
        (int) number(DefinitionAttribute.GPUS));
  }

  private boolean belongsHere(DefinitionAttribute attribute) {
    return place.isEmpty()
        || attribute == DefinitionAttribute.NAME
        || attribute.role() == DefinitionAttribute.Role.SHAPE;
  }

  private void warnOfUnknown() {
    List<String> known = new ArrayList<>();
    for (DefinitionAttribute attribute : DefinitionAttribute.values()) {
      if (belongsHere(attribute)) {
        known.add(attribute.text());
      }
    }
    for (String name : ad.names()) {
      if (known.stream().noneMatch(name::equalsIgnoreCase)) {
        warnings.add(
            new Problem(
                file,
                place + Printable.of(name),
                written(name),
                place.isEmpty()
                    ? "is no attribute of a VOC definition and is ignored"
                    : "is no attribute of a shape and is ignored",
                Spelling.meant(name, known)
                    .map(meant -> "did you mean " + meant + "?")
                    .orElse("remove it")));
      }
    }
  }

  private String label(DefinitionAttribute attribute, boolean valid, String rule) {
    if (present(attribute) && !valid) {
      problem(attribute, "is not " + rule, "give it as a string of that form");
    } else if (!present(attribute)) {
      missing(attribute);
    }
    return text(attribute, "");
  }

  private @Nullable ImageUrl url(DefinitionAttribute attribute) {
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
            attribute == DefinitionAttribute.IMAGE
                ? "give a string like \"https://images.example.org/cms.qcow2\" or \"file:/srv/images/cms.qcow2\""
                : "give a string as in " + attribute.example());
        yield null;
      }
    };
  }

  private long number(DefinitionAttribute attribute) {
    DefinitionAttribute.Range range = attribute.range();
    if (!present(attribute)) {
      if (range.ifAbsent() == DefinitionAttribute.Range.REQUIRED) {
        missing(attribute);
        return range.min();
      }
      return range.ifAbsent();
    }
    long value = ad.integer(attribute.text()).orElse(-1);
    if (!range.holds(value)) {
      problem(
          attribute,
          "is not an integer from " + range.min() + " to " + range.max(),
          "give a number in that range");
      return range.min();
    }
    return value;
  }

  private String accountingGroup(String ifAbsent) {
    String group = text(DefinitionAttribute.ACCOUNTING_GROUP, ifAbsent);
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
    if (present(DefinitionAttribute.ACCOUNTING_GROUP) && !valid) {
      problem(
          DefinitionAttribute.ACCOUNTING_GROUP,
          "is not a group's name",
          "use letters, digits, \"_\", \"-\" and \".\", at most " + MAX_GROUP + " characters");
    }
    return group;
  }

  private String network() {
    String network = text(DefinitionAttribute.NETWORK, "user");
    if (!network.equals("user")) {
      problem(
          DefinitionAttribute.NETWORK, "is not a known network", "use \"user\" or leave it out");
    }
    return network;
  }

  private @Nullable AcceleratorMode accelerator() {
    AcceleratorMode mode =
        AcceleratorMode.of(text(DefinitionAttribute.ACCELERATOR, AcceleratorMode.AUTO.text()));
    if (mode == null) {
      problem(
          DefinitionAttribute.ACCELERATOR,
          "is not an accelerator",
          "use \"auto\", \"kvm\" or \"tcg\", or leave it out");
    }
    return mode;
  }

  private @Nullable Firmware firmware() {
    Firmware firmware = Firmware.of(text(DefinitionAttribute.FIRMWARE, Firmware.BIOS.text()));
    if (firmware == null) {
      problem(
          DefinitionAttribute.FIRMWARE,
          "is no firmware",
          "use \"bios\" or \"uefi\", or leave it out");
    } else if (firmware == Firmware.UEFI && present(DefinitionAttribute.KERNEL)) {
      problem(
          DefinitionAttribute.FIRMWARE,
          "stands beside Kernel, which is started without it",
          "remove one of the two");
    }
    return firmware;
  }

  private @Nullable ContextForm context() {
    ContextForm context =
        ContextForm.of(text(DefinitionAttribute.CONTEXT, ContextForm.FW_CFG.text()));
    if (context == null) {
      problem(
          DefinitionAttribute.CONTEXT,
          "is no way to hand a node its context",
          "use \"fw_cfg\" or \"cloud-init\", or leave it out");
    }
    return context;
  }

  private Optional<DirectKernel<BootFile>> kernel() {
    if (!present(DefinitionAttribute.KERNEL)) {
      for (DefinitionAttribute attribute :
          List.of(
              DefinitionAttribute.KERNEL_SHA256,
              DefinitionAttribute.INITRD,
              DefinitionAttribute.INITRD_SHA256,
              DefinitionAttribute.KERNEL_ARGUMENTS)) {
        if (present(attribute)) {
          problem(attribute, "stands without Kernel", "add Kernel or remove it");
        }
      }
      return Optional.empty();
    }
    Optional<BootFile> image =
        bootFile(DefinitionAttribute.KERNEL, DefinitionAttribute.KERNEL_SHA256);
    Optional<BootFile> initrd = Optional.empty();
    if (present(DefinitionAttribute.INITRD)) {
      initrd = bootFile(DefinitionAttribute.INITRD, DefinitionAttribute.INITRD_SHA256);
    } else if (present(DefinitionAttribute.INITRD_SHA256)) {
      problem(
          DefinitionAttribute.INITRD_SHA256, "stands without Initrd", "add Initrd or remove it");
    }
    String arguments =
        label(
            DefinitionAttribute.KERNEL_ARGUMENTS,
            KernelArguments.isValid(text(DefinitionAttribute.KERNEL_ARGUMENTS, "")),
            KernelArguments.RULE);
    if (image.isEmpty() || !KernelArguments.isValid(arguments)) {
      return Optional.empty();
    }
    return Optional.of(new DirectKernel<>(image.get(), initrd, new KernelArguments(arguments)));
  }

  private Optional<BootFile> bootFile(
      DefinitionAttribute urlAttribute, DefinitionAttribute shaAttribute) {
    ImageUrl url = url(urlAttribute);
    String sha = label(shaAttribute, ImageDigest.isValid(text(shaAttribute, "")), ImageDigest.RULE);
    return url == null || !ImageDigest.isValid(sha)
        ? Optional.empty()
        : Optional.of(new BootFile(url, new ImageDigest(sha)));
  }

  private boolean present(DefinitionAttribute attribute) {
    return ad.has(attribute.text());
  }

  /** The string value; empty for anything else that is present. */
  private String text(DefinitionAttribute attribute, String ifAbsent) {
    return present(attribute) ? ad.string(attribute.text()).orElse("") : ifAbsent;
  }

  private void missing(DefinitionAttribute attribute) {
    problems.add(
        new Problem(
            file, place + attribute.text(), "", "is missing", "add " + attribute.example()));
  }

  private void problem(DefinitionAttribute attribute, String fault, String remedy) {
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
        name.equals(DefinitionAttribute.IMAGE.text())
            || name.equals(DefinitionAttribute.KERNEL.text())
            || name.equals(DefinitionAttribute.INITRD.text());
    if (isUrl && expr.literal() instanceof Value.Str url) {
      return '"' + ImageUrl.shown(url.text()) + '"';
    }
    return Printable.of(NewForm.print(expr));
  }
}
