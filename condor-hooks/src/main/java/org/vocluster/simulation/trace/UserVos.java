package org.vocluster.simulation.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VoNames;
import org.vocluster.vm.os.Printable;

/**
 * Which VO a trace's users are in: the form of {@code VOC_USERS_MAP}, lines {@code * USER VO[,VO…]}
 * where USER may be a regular expression between slashes, and the first line that fits counts. The
 * first VO of the list is the default; {@code none} there leaves a user's jobs ordinary ones. In a
 * Standard Workload Format trace USER is the user's number, {@code group:N}, {@code queue:N} or
 * {@code partition:N}.
 */
public final class UserVos {
  /** What a map's text came to; all problems at once. */
  public record Reading(UserVos map, List<String> problems) {}

  private sealed interface Who {
    record Exactly(String name) implements Who {}

    record Like(Pattern pattern) implements Who {}

    default boolean fits(String name) {
      return switch (this) {
        case Exactly(String exactly) -> exactly.equals(name);
        case Like(Pattern pattern) -> pattern.matcher(name).find();
      };
    }
  }

  /**
   * What a user's jobs may be.
   *
   * @param vos those that the user is in
   * @param outsideByDefault whether a job that claims none of them is an ordinary one; else it is
   *     the first one's
   */
  record Choice(List<VoName> vos, boolean outsideByDefault) {
    Choice {
      vos = List.copyOf(vos);
    }

    /** What a job becomes that claims nothing; empty for an ordinary one. */
    Optional<VoName> byDefault() {
      return outsideByDefault ? Optional.empty() : Optional.of(vos.getFirst());
    }
  }

  private record Line(Who who, Choice choice) {}

  private final List<Line> lines;
  private final VoNames names;
  private final Map<List<String>, Optional<Choice>> known = new HashMap<>();

  private UserVos(List<Line> lines, VoNames names) {
    this.lines = lines;
    this.names = names;
  }

  /** Every user is in this VO. */
  public static UserVos all(VoName vo) {
    return new UserVos(
        List.of(new Line(new Who.Like(Pattern.compile("")), new Choice(List.of(vo), false))),
        VoNames.NONE);
  }

  /** No user is in any. */
  public static UserVos none() {
    return none(VoNames.NONE);
  }

  /**
   * No user is in any that no job claims.
   *
   * @param names for the VOs' real names
   */
  public static UserVos none(VoNames names) {
    return new UserVos(List.of(), names);
  }

  /** Reads a map in which no VO has a short name that somebody chose. */
  static Reading parse(String file, List<String> text) {
    return parse(file, text, VoNames.NONE);
  }

  /**
   * Reads a map.
   *
   * @param file what problems call it
   * @param names for the VOs' real names
   */
  public static Reading parse(String file, List<String> text, VoNames names) {
    List<Line> lines = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < text.size(); i++) {
      String line = text.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String place = "voc: " + file + ":" + (i + 1) + ": ";
      String[] words = line.split("\\s+", -1);
      if (words.length != 3 || !words[0].equals("*")) {
        problems.add(
            place + "\"" + Printable.of(line) + "\" is no line of a users' map; write * USER VO");
        continue;
      }
      List<String> written =
          Arrays.stream(words[2].split(",", -1)).filter(vo -> !vo.isEmpty()).toList();
      Optional<String> wrong =
          written.stream()
              .filter(vo -> names.of(vo).isEmpty() && !vo.equals(VoName.OUTSIDE))
              .findFirst();
      if (written.isEmpty() || wrong.isPresent()) {
        problems.add(
            place
                + "\""
                + Printable.of(wrong.orElse(words[2]))
                + "\" is no name of a VO; write a lower-case letter, then letters, digits and"
                + " hyphens");
        continue;
      }
      String user = words[1];
      try {
        Who who =
            user.length() > 2 && user.startsWith("/") && user.endsWith("/")
                ? new Who.Like(Pattern.compile(user.substring(1, user.length() - 1)))
                : new Who.Exactly(user);
        lines.add(new Line(who, choice(written, names)));
      } catch (PatternSyntaxException e) {
        problems.add(
            place
                + Printable.of(user)
                + " is no regular expression ("
                + Printable.of(e.getDescription())
                + "); mend it, or name the user without slashes");
      }
    }
    return new Reading(new UserVos(lines, names), problems);
  }

  private static Choice choice(List<String> written, VoNames names) {
    return new Choice(
        written.stream()
            .filter(vo -> !vo.equals(VoName.OUTSIDE))
            .flatMap(vo -> names.of(vo).stream())
            .toList(),
        written.getFirst().equals(VoName.OUTSIDE));
  }

  /** The VO of a name that a job has, whichever of the two; empty if it is none. */
  Optional<VoName> called(String name) {
    return names.of(name);
  }

  /** The VOs of whoever goes by these names; empty without a line for them. */
  Optional<Choice> of(List<String> names) {
    return known.computeIfAbsent(names, this::search);
  }

  private Optional<Choice> search(List<String> names) {
    return lines.stream()
        .filter(line -> names.stream().anyMatch(line.who::fits))
        .map(Line::choice)
        .findFirst();
  }
}
