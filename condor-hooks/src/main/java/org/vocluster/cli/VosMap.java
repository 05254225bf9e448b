package org.vocluster.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VoRealName;

/**
 * The file of {@code VOC_VOS_MAP}: which short name a VO's real name stands for, lines {@code *
 * REAL SHORT} in the form of HTCondor's user maps. The access point's transform reads it for what
 * users claim; {@code voc vo add} writes it. Other lines are an administrator's and stay.
 *
 * @param text the whole file
 * @param names in the file's order
 */
record VosMap(String text, Map<String, String> names) {

  /** A file that is not there has no names. */
  static VosMap read(Path file) throws IOException {
    return parse(Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "");
  }

  static VosMap parse(String text) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String line : text.split("\n", -1)) {
      String[] words = line.strip().split("\\s+", -1);
      if (words.length == 3 && words[0].equals("*")) {
        names.putIfAbsent(words[1], words[2]);
      }
    }
    return new VosMap(text, names);
  }

  /** The short name that the real one stands for. */
  Optional<String> shortName(VoRealName name) {
    return Optional.ofNullable(names.get(name.value()));
  }

  /** The real name that stands for the short one. */
  Optional<String> realName(VoName vo) {
    return names.entrySet().stream()
        .filter(entry -> entry.getValue().equals(vo.value()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * Why a VO cannot have these two names, as the end of a sentence.
   *
   * @param taken whether a short name is that of a VO here
   */
  Optional<String> fault(VoName vo, VoRealName name, Predicate<String> taken) {
    Optional<String> other = shortName(name).filter(found -> !found.equals(vo.value()));
    if (other.isPresent()) {
      return Optional.of(name + " is the real name of VO " + other.get() + " already");
    }
    Optional<String> another = realName(vo).filter(found -> !found.equals(name.value()));
    if (another.isPresent()) {
      return Optional.of("VO " + vo + " has the real name " + another.get() + " already");
    }
    boolean isAnother = !name.value().equals(vo.value());
    if (isAnother && (names.containsValue(name.value()) || taken.test(name.value()))) {
      return Optional.of(name + " is the short name of another VO");
    }
    return taken(vo);
  }

  /** Why no VO can have this short name, as the end of a sentence. */
  Optional<String> taken(VoName vo) {
    return Optional.ofNullable(names.get(vo.value()))
        .filter(other -> !other.equals(vo.value()))
        .map(other -> "that is the real name of VO " + other);
  }

  /** The file's text with one VO more. */
  String with(VoName vo, VoRealName name) {
    String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    return text + end + "* " + name + " " + vo + "\n";
  }
}
