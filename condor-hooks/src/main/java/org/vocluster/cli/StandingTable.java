package org.vocluster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vocluster.sizing.standing.Missing;
import org.vocluster.sizing.standing.Standing;
import org.vocluster.vm.os.Printable;

/** What of the configuration in force is missing, for {@code voc status}. Pure. */
final class StandingTable {
  private static final int MOST_TEXT = 600;

  private StandingTable() {}

  /** Of the access point that {@code voc} runs on, as its daemons say now. */
  static String here(Standing standing) {
    if (standing.isSound()) {
      return "the configuration in force is what VOC rests on\n";
    }
    List<String> lines = new ArrayList<>();
    if (standing.obstacle().isPresent()) {
      lines.add("NO NODE IS ASKED FOR, for whatever VO:");
    } else {
      lines.add("the configuration in force lacks what VOC rests on:");
    }
    standing.missing().forEach(missing -> lines.addAll(lines(missing)));
    standing.unknown().forEach(why -> lines.add("  it is not known whether all is there: " + why));
    return String.join("\n", lines) + "\n";
  }

  /**
   * Of others, as their sizing has said.
   *
   * @param missing by the schedd's name
   */
  static String elsewhere(Map<String, List<Missing>> missing) {
    StringBuilder text = new StringBuilder();
    missing.forEach(
        (schedd, all) -> {
          if (!all.isEmpty()) {
            text.append("sizing of schedd ").append(Printable.of(schedd));
            text.append(
                all.stream().anyMatch(Missing::stops)
                    ? " ASKS FOR NO NODE, for whatever VO:\n"
                    : " lacks what VOC rests on:\n");
            all.forEach(each -> text.append(String.join("\n", lines(each))).append('\n'));
          }
        });
    return text.toString();
  }

  private static List<String> lines(Missing missing) {
    return List.of(
        "  " + Printable.of(missing.inWords(), MOST_TEXT),
        "    -> " + Printable.of(missing.remedy(), MOST_TEXT));
  }
}
