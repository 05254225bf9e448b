package org.vocluster.hook;

import java.util.ArrayList;
import java.util.List;
import org.vocluster.hook.HookArguments.BadArgumentException;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.os.Printable;

/**
 * The VOs that a host takes nodes of.
 *
 * @param all whether it takes any VO's; then {@code listed} is empty
 */
record AcceptedVos(boolean all, List<VoName> listed) {
  static AcceptedVos parse(String text) throws BadArgumentException {
    if (text.strip().equals("*")) {
      return new AcceptedVos(true, List.of());
    }
    List<VoName> listed = new ArrayList<>();
    int start = 0;
    while (start <= text.length()) {
      int comma = text.indexOf(',', start);
      int end = comma < 0 ? text.length() : comma;
      String name = text.substring(start, end).strip();
      if (VoName.isValid(name)) {
        listed.add(new VoName(name));
      } else if (!name.isEmpty()) {
        throw new BadArgumentException(
            "argument --vos names \""
                + Printable.of(name)
                + "\", which is no VO's name; give * or a list like cms,atlas");
      }
      start = end + 1;
    }
    return new AcceptedVos(false, List.copyOf(listed));
  }

  boolean accepts(VoName vo) {
    return all || listed.contains(vo);
  }

  /** As it stands in the host's slot ads: {@code *} or names joined by commas. */
  String text() {
    if (all) {
      return "*";
    }
    StringBuilder out = new StringBuilder();
    for (VoName vo : listed) {
      out.append(out.length() == 0 ? "" : ",").append(vo);
    }
    return out.toString();
  }
}
