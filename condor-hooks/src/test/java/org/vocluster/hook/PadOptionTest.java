package org.vocluster.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.vocluster.sizing.SizerConfig;

/** What the configuration and make-aot-cache give the hooks, compared with what hooks take. */
class PadOptionTest {
  private static final Path PAD = Path.of("../startd-config/pad/50-voc-pad.conf");
  private static final Path AP = Path.of("../startd-config/ap/50-voc-ap.conf");
  private static final Path TRAINING = Path.of("../packaging/bin/make-aot-cache");

  /**
   * The value of a setting, as HTCondor's getline_implementation joins continued lines: without
   * white space at both ends of each, and with what stands before the backslash.
   */
  private static String setting(Path file, String name) throws Exception {
    StringBuilder whole = new StringBuilder();
    boolean within = false;
    for (String line : Files.readAllLines(file)) {
      String text = line.strip();
      if (within || text.startsWith(name + " = ")) {
        assertTrue(!text.startsWith("#"), "a comment would become part of " + name);
        within = text.endsWith("\\");
        whole.append(within ? text.substring(0, text.length() - 1) : text);
      }
    }
    return whole.substring(name.length() + " = ".length()).strip();
  }

  /** Names of options, in order. */
  private static List<String> options(String arguments) {
    List<String> out = new ArrayList<>();
    for (String word : arguments.split("\\s+", -1)) {
      if (word.startsWith("--")) {
        out.add(word.substring(2, word.indexOf('=')));
      }
    }
    return out;
  }

  private static List<String> words(PadOption.Hook hook, PadOption... without) {
    List<String> out = new ArrayList<>(PadOption.words(hook));
    for (PadOption option : without) {
      assertTrue(out.remove(option.word()));
    }
    return out;
  }

  @Test
  void configurationGivesPrepareJobAllOptionsInOrder() throws Exception {
    assertEquals(
        words(PadOption.Hook.PREPARE_JOB, PadOption.VOC_NODE),
        options(setting(PAD, "VOC_HOOK_PREPARE_JOB_ARGS")));
  }

  @Test
  void configurationGivesAdvertiseAllOptionsInOrder() throws Exception {
    assertEquals(
        words(PadOption.Hook.ADVERTISE), options(setting(PAD, "STARTD_CRON_VOC_PAD_ARGS")));
  }

  /** The text of a variable's value or of a command of the script. */
  private static String line(String begin) throws Exception {
    for (String line : Files.readAllLines(TRAINING)) {
      if (line.startsWith(begin)) {
        return line.substring(begin.length()).replace("\"", "");
      }
    }
    throw new AssertionError(begin + " is not in " + TRAINING);
  }

  private static void assertTrained(PadOption.Hook hook, List<String> given) {
    List<String> inOrder = new ArrayList<>(PadOption.words(hook));
    assertTrue(inOrder.containsAll(given), () -> given + " has what is not in " + inOrder);
    inOrder.retainAll(given);
    assertEquals(inOrder, given);
    for (PadOption option : PadOption.values()) {
      assertTrue(
          option.ifAbsent() != null || !option.isOf(hook) || given.contains(option.word()),
          () -> hook + " needs --" + option.word());
    }
  }

  @Test
  void trainingGivesHooksWhatTheyNeedInOrder() throws Exception {
    String host = line("host=");
    assertTrained(
        PadOption.Hook.PREPARE_JOB,
        options(host + " " + line("train 60 $hooks/prepare-job $host")));
    assertTrained(PadOption.Hook.ADVERTISE, options(host + " " + line("status=")));
  }

  /** A value that every option of the size hook takes. */
  private static List<String> filledIn(String arguments) {
    List<String> out = new ArrayList<>();
    for (String name : options(arguments)) {
      boolean number =
          Pattern.matches(
              "interval|max-nodes|max-removals|boot-seconds|held-seconds|node-lease", name);
      out.add("--" + name + "=" + (number ? "60" : "/x"));
    }
    return out;
  }

  @Test
  void configurationAndTrainingGiveSizeWhatItNeeds() throws Exception {
    String all = setting(AP, "SCHEDD_CRON_VOC_SIZE_ARGS");
    SizerConfig configured = Size.configuration(filledIn(all));
    assertEquals(configured, Size.configuration(filledIn(all)));
    List<String> known = new ArrayList<>();
    try {
      var _ = Size.configuration(List.of("--no-such-option=1"));
    } catch (IllegalArgumentException e) {
      Matcher name = Pattern.compile("--([a-z-]+)").matcher(String.valueOf(e.getMessage()));
      while (name.find()) {
        known.add(name.group(1));
      }
    }
    known.remove("no-such-option");
    assertEquals(known, options(all));
    String training = Files.readString(TRAINING);
    String size = training.substring(training.indexOf("train 3 $hooks/size"));
    var _ = Size.configuration(filledIn(size.substring(0, size.indexOf("\nexit"))));
  }

  @Test
  void noTwoOptionsHaveOneName() {
    for (PadOption.Hook hook : PadOption.Hook.values()) {
      List<String> words = PadOption.words(hook);
      assertEquals(words.stream().distinct().toList(), words);
    }
  }
}
