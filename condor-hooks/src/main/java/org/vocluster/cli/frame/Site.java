package org.vocluster.cli.frame;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.vocluster.ad.Ads;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.condor.ClientPolicy;
import org.vocluster.condor.HtCondor;
import org.vocluster.condor.Tools;
import org.vocluster.vm.os.Command;
import org.vocluster.vm.os.CommandException;

/**
 * The host that a subcommand runs on: its clock, its HTCondor configuration, and whom that leads
 * to. Subcommands ask it and nothing else for the time and for what is outside; a test puts another
 * in its place.
 */
public class Site {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final Map<Knob, String> known = new EnumMap<>(Knob.class);

  /** The only clock that subcommands read, in the zone that people here live in. */
  public Clock clock() {
    return Clock.system(ZoneId.systemDefault());
  }

  public String text(Knob knob) {
    return known.computeIfAbsent(knob, this::ask);
  }

  public Path path(Knob knob) {
    return Path.of(text(knob));
  }

  public HtCondor condor() {
    return new HtCondor(
        path(Knob.BIN),
        path(Knob.SBIN),
        text(Knob.COLLECTOR_HOST),
        path(Knob.KEYS),
        path(Knob.TOKENS));
  }

  /** The ads of VOCs that the collector has. */
  public List<ClassAd> vocs() throws CliException {
    try {
      return Ads.inLongForm(condor().vocs());
    } catch (CommandException | ClassAdSyntaxException e) {
      throw noAnswer(e);
    }
  }

  /**
   * The ads of slots that the collector has.
   *
   * @param attributes which are wanted; empty for all
   */
  public List<ClassAd> slots(String constraint, List<String> attributes) throws CliException {
    try {
      return Ads.inLongForm(condor().slots(constraint, attributes));
    } catch (CommandException | ClassAdSyntaxException e) {
      throw noAnswer(e);
    }
  }

  /** The ads of schedds that sizing has said something in. */
  public List<ClassAd> sizers() throws CliException {
    try {
      return Ads.inLongForm(condor().sizers());
    } catch (CommandException | ClassAdSyntaxException e) {
      throw noAnswer(e);
    }
  }

  private CliException noAnswer(Exception e) {
    return CliException.failed(
        "the collector "
            + text(Knob.COLLECTOR_HOST)
            + " gave no answer: "
            + e.getMessage()
            + "; try `condor_status -any`");
  }

  /** HTCondor's tools; they may ask the collector without authenticating, which users cannot. */
  public Tools tools() {
    return (tool, arguments) -> {
      List<String> argv = new ArrayList<>(List.of(path(Knob.BIN).resolve(tool).toString()));
      argv.addAll(arguments);
      return new Command(
              argv,
              tool.equals("condor_status") ? ClientPolicy.AUTHENTICATE_IF_ASKED : Map.of(),
              TIMEOUT)
          .output();
    };
  }

  /**
   * Runs a program of this host.
   *
   * @return its standard output
   */
  public String run(List<String> argv) throws CliException {
    try {
      return Command.of(TIMEOUT, argv).output();
    } catch (CommandException e) {
      throw CliException.failed(String.valueOf(e.getMessage()));
    }
  }

  /** Whether a program of this host ends with status 0. */
  public boolean succeeds(List<String> argv) throws CliException {
    try {
      return Command.of(TIMEOUT, argv).run().status() == 0;
    } catch (CommandException e) {
      throw CliException.failed(String.valueOf(e.getMessage()));
    }
  }

  /** The knob's value; where HTCondor is not installed or does not know it, its default. */
  protected String ask(Knob knob) {
    try {
      Command.Outcome outcome =
          Command.of(TIMEOUT, List.of("condor_config_val", knob.macro())).run();
      String value = outcome.stdout().strip();
      return outcome.status() == 0 && !value.isEmpty() ? value : knob.otherwise();
    } catch (CommandException e) {
      return knob.otherwise();
    }
  }
}
