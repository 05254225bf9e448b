package org.vocluster.sizing.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.vocluster.condor.HtCondor;
import org.vocluster.sizing.decision.Paces;
import org.vocluster.sizing.reading.VocShape;
import org.vocluster.vm.definition.MachineShape;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.ShapeName;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.definition.VocDefinition;
import org.vocluster.vm.definition.VocName;
import org.vocluster.vm.node.NodeKey;
import org.vocluster.vm.node.NodeToken;
import org.vocluster.vm.os.CommandException;
import org.vocluster.vm.os.FileTree;

/**
 * Submits node jobs as their VO's account, each with a token of its own. {@link Submissions} calls
 * it aside from the sizer's passes; it keeps nothing in memory.
 *
 * <p>The directory that a submission is prepared in names its nodes. It stays when this process is
 * killed, and so tells the next one which node jobs may be about to appear in the queue.
 */
public final class NodeSubmitter {
  private static final String DESCRIPTION = "nodes.sub";

  /** Longer than condor_submit is let run. */
  private static final Duration AT_WORK = Duration.ofSeconds(90);

  private final HtCondor condor;
  private final Path keys;
  private final Path tokens;
  private final Path work;
  private final String trustDomain;
  private final NodeJobs nodeJobs;
  private final String schedd;

  /**
   * @param keys directory of the VOs' signing keys, each named like the VO's account
   * @param tokens directory with a directory of submit tokens for each VO
   * @param schedd the own schedd's name, which nodes advertise
   */
  public NodeSubmitter(
      HtCondor condor,
      Path keys,
      Path tokens,
      String trustDomain,
      NodeJobs nodeJobs,
      String schedd) {
    this.condor = condor;
    this.keys = keys;
    this.tokens = tokens;
    // No VO's name starts with a dot, so this is nobody's token directory.
    this.work = tokens.resolve(".submit");
    this.trustDomain = trustDomain;
    this.nodeJobs = nodeJobs;
    this.schedd = schedd;
  }

  /** Why nodes of this VO cannot be submitted at all, with the remedy. */
  public Optional<String> obstacle(VoName vo) {
    Path key = keys.resolve(vo.account());
    if (!Files.isReadable(key)) {
      return Optional.of(
          "voc: " + key + ": no signing key of VO " + vo + "; run `voc vo add " + vo + "` as root");
    }
    Path token = tokens.resolve(vo.value());
    try (Stream<Path> files = Files.list(token)) {
      if (files.anyMatch(Files::isReadable)) {
        return Optional.empty();
      }
    } catch (IOException e) {
      // The message below says what to do about it.
    }
    return Optional.of(
        "voc: "
            + token
            + ": no submit token of VO "
            + vo
            + "; run `voc vo add "
            + vo
            + "` as root");
  }

  /**
   * Makes the tokens and submits.
   *
   * @throws CommandException if one of HTCondor's tools fails
   * @throws IOException if the submission cannot be prepared
   */
  void submit(
      VocDefinition voc, MachineShape shape, List<NodeId> nodes, Collection<String> avoidHosts)
      throws CommandException, IOException {
    Files.createDirectories(work);
    Path directory =
        Files.createTempDirectory(
            work,
            voc.name() + "." + shape.name() + ".",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      Duration lifetime =
          Duration.ofSeconds(
              Paces.LONGEST_QUEUED_SECONDS + voc.lifetimeSeconds() + Paces.LEAVING_SECONDS);
      for (NodeId node : nodes) {
        Path own = Files.createDirectory(directory.resolve(node.value()));
        String token =
            condor.nodeToken(voc.vo().account() + "@" + trustDomain, voc.vo().account(), lifetime);
        Files.writeString(own.resolve(NodeToken.FILE), token);
        Files.writeString(own.resolve(NodeKey.FILE), condor.nodeKey(voc.vo(), node));
      }
      Path description = directory.resolve(DESCRIPTION);
      Files.writeString(
          description,
          "initialdir = "
              + directory
              + "\n"
              + NodeSubmission.describe(voc, shape, nodes, avoidHosts, schedd, nodeJobs));
      condor.submit(voc.vo(), description);
    } finally {
      FileTree.delete(directory);
    }
  }

  /** A submission that another process left unfinished. */
  record Unfinished(VocShape kind, List<NodeId> nodes, Instant begun) {}

  /**
   * Submissions that an earlier process was killed in. What it left of them is removed, unless its
   * condor_submit may still be at work: then the next process does that.
   */
  List<Unfinished> takeUnfinished(Instant now) throws IOException {
    if (!Files.isDirectory(work)) {
      return List.of();
    }
    List<Unfinished> result = new ArrayList<>();
    try (Stream<Path> directories = Files.list(work)) {
      for (Path directory : directories.filter(Files::isDirectory).toList()) {
        // Without a description condor_submit was never started.
        if (Files.exists(directory.resolve(DESCRIPTION))) {
          Instant begun = Files.getLastModifiedTime(directory).toInstant();
          unfinished(directory, begun).ifPresent(result::add);
          if (begun.plus(AT_WORK).isAfter(now)) {
            continue;
          }
        }
        FileTree.delete(directory);
      }
    }
    return result;
  }

  /** Empty for a directory whose name does not say what kind of nodes it was for. */
  private static Optional<Unfinished> unfinished(Path directory, Instant begun) throws IOException {
    String[] name = directory.getFileName().toString().split("\\.", 3);
    if (name.length < 2 || !VocName.isValid(name[0]) || !ShapeName.isValid(name[1])) {
      return Optional.empty();
    }
    try (Stream<Path> nodes = Files.list(directory)) {
      return Optional.of(
          new Unfinished(
              new VocShape(new VocName(name[0]), new ShapeName(name[1])),
              nodes
                  .filter(Files::isDirectory)
                  .map(node -> node.getFileName().toString())
                  .filter(NodeId::isValid)
                  .map(NodeId::new)
                  .toList(),
              begun));
    }
  }
}
