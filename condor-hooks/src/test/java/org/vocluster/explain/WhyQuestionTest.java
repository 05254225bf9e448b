package org.vocluster.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.vocluster.Said.assertDoesNotSay;
import static org.vocluster.Said.assertSays;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;

/** What is asked of HTCondor's tools, and what becomes of their failures. */
class WhyQuestionTest {
  private static final String IDLE =
      """
      ClusterId = 12
      ProcId = 0
      Owner = "alice"
      VocVO = "cms"
      JobStatus = 1
      JobUniverse = 5
      Requirements = true
      """;

  @TempDir Path definitions;
  private final List<String> asked = new ArrayList<>();
  private String queue = IDLE;
  private String kinds = "";
  private String history = "";
  private boolean collectorAnswers = true;
  private boolean historyAnswers = true;

  @Test
  void collectorThatFailsIsAskedOnceAndNamedOnce() throws CommandException, ClassAdSyntaxException {
    collectorAnswers = false;
    Explanation explanation = ask("12.0").getFirst();
    assertEquals(1, asked.stream().filter(line -> line.startsWith("condor_status")).count());
    List<Reason> unread =
        explanation.reasons().stream().filter(r -> r instanceof Reason.Unread).toList();
    assertEquals(1, unread.size(), unread.toString());
    assertSays(unread.toString(), "false");
  }

  @Test
  void unreadableDefinitionsAreNotTakenForNone() throws CommandException, ClassAdSyntaxException {
    definitions = definitions.resolve("nowhere");
    Explanation explanation = ask("12.0").getFirst();
    assertTrue(
        explanation.reasons().stream().noneMatch(r -> r instanceof Reason.NoDefinition),
        explanation.toString());
    Reason.Unread unread = assertInstanceOf(Reason.Unread.class, explanation.reasons().getFirst());
    assertSays(unread.why(), "nowhere");
  }

  @Test
  void jobThatLeftTheQueueIsFoundInTheHistory() throws CommandException, ClassAdSyntaxException {
    queue = "";
    history = IDLE.replace("JobStatus = 1", "JobStatus = 4\nExitCode = 0");
    Explanation explanation = ask("12").getFirst();
    assertEquals("12.0", explanation.job().id());
    assertInstanceOf(Reason.Completed.class, explanation.reasons().getFirst());
    assertTrue(explanation.isFound());
  }

  @Test
  void historyThatCannotBeReadIsSaid() throws CommandException, ClassAdSyntaxException {
    queue = "";
    historyAnswers = false;
    Explanation explanation = ask("12.0").getFirst();
    Reason.NoSuchJob none =
        assertInstanceOf(Reason.NoSuchJob.class, explanation.reasons().getFirst());
    assertFalse(none.historyUnknown().isEmpty());
    assertFalse(explanation.isFound());
  }

  @Test
  void eachKindOfJobOfASubmissionIsExplainedOnce() throws CommandException, ClassAdSyntaxException {
    kinds =
        """
        0,1,7,undefined,undefined
        1,1,7,undefined,undefined
        2,5,7,1,0
        3,1,8,undefined,undefined
        """;
    assertEquals(
        List.of("12.0 and 1 like it", "12.2", "12.3"),
        ask("12").stream().map(explanation -> explanation.job().id()).toList());
  }

  @Test
  void poolIsAskedOnceForAllKindsOfJobs() throws CommandException, ClassAdSyntaxException {
    kinds =
        """
        0,1,7,undefined,undefined
        1,1,8,undefined,undefined
        """;
    assertEquals(2, ask("12").size());
    // Kinds, two jobs, and the node jobs; then VOCs and daemons, nodes, and slots with room.
    assertEquals(4, asked.stream().filter(line -> line.startsWith("condor_q ")).count());
    assertEquals(3, asked.stream().filter(line -> line.startsWith("condor_status ")).count());
  }

  @Test
  void padHostsAreAskedOnlyAboutQueuedNodeJobs() throws CommandException, ClassAdSyntaxException {
    assertEquals(1, ask("12.0").size());
    assertDoesNotSay(String.join("\n", asked), "=?= \"PAD\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"12", "12.0", "2147483647.999"})
  void numbersOfJobsAreIds(String id) {
    assertTrue(WhyQuestion.isId(id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "12.", "alice", "12.0.1", "-allusers", "12 13"})
  void whatCouldBeAnOptionOrAUserIsNone(String id) {
    assertFalse(WhyQuestion.isId(id));
  }

  private List<Explanation> ask(String id) throws CommandException, ClassAdSyntaxException {
    return new WhyQuestion(
            this::answer,
            definitions,
            "/etc/voc/users.map",
            "ap.test",
            Clock.fixed(Instant.ofEpochSecond(Situation.NOW), ZoneOffset.UTC))
        .ask(id);
  }

  private String answer(String tool, List<String> arguments) throws CommandException {
    asked.add(tool + " " + String.join(" ", arguments));
    return switch (tool) {
      case "condor_q" ->
          arguments.contains("-af:,") ? kinds : arguments.contains("-constraint") ? "" : queue;
      case "condor_history" -> historyAnswers ? history : failure();
      case "condor_status" -> collectorAnswers ? "" : failure();
      default -> throw new AssertionError(tool);
    };
  }

  private static String failure() throws CommandException {
    return Command.of(Duration.ofSeconds(10), List.of("false")).output();
  }
}
