package org.vocluster.hook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vocluster.ad.Ads;
import org.vocluster.ad.Attr;
import org.vocluster.ad.CondorAttr;
import org.vocluster.classad.ClassAd;
import org.vocluster.classad.ClassAdSyntaxException;
import org.vocluster.classad.Language;
import org.vocluster.classad.LongForm;
import org.vocluster.condor.Invalidation;
import org.vocluster.hook.HookArguments.BadArgumentException;
import org.vocluster.hook.HookIo.InputTooLargeException;
import org.vocluster.vm.definition.NodeId;
import org.vocluster.vm.definition.VoName;
import org.vocluster.vm.image.Leases;
import org.vocluster.vm.node.KeptConsoles;
import org.vocluster.vm.node.NodeFiles;
import org.vocluster.vm.node.NodeJobAd;
import org.vocluster.vm.node.NodeToken;
import org.vocluster.vm.node.Paths;
import org.vocluster.vm.os.CommandException;
import org.vocluster.vm.os.Printable;

/**
 * The starter's JOB_EXIT hook on a PAD host: takes a dead node's ads out of the collector, with the
 * node's own token, so that nothing is matched to it any more. Harmless when done twice, for a node
 * that never joined, and for jobs that are no nodes.
 *
 * <p>HTCondor gives this hook only its own argument (exit, remove, hold or evict); so every option
 * has a default; without {@code --collector} HTCondor's configuration says where that is. The
 * starter waits for at most 30 seconds; this takes at most little more than {@link #BOUND}.
 */
public final class JobExit {
  static final Duration BOUND = Duration.ofSeconds(10);

  private static final String CONDOR_ADVERTISE = "/usr/sbin/condor_advertise";

  private static final List<String> OPTIONS = List.of("condor-advertise", "collector", "leases");

  private JobExit() {}

  public static void main(String[] args) {
    HookIo.end(run(HookIo.system(args)));
  }

  /**
   * Runs the hook; the starter logs standard error if the exit status is not 0, and goes on in any
   * case.
   */
  static int run(HookIo io) {
    try {
      HookArguments given = HookArguments.parse(io.arguments(), OPTIONS);
      ClassAd ad = LongForm.parse(io.read(PrepareJob.MAX_AD_BYTES), Language.CONDOR_23_9);
      NodeId node = deadNode(ad);
      @Nullable String scratch = io.environment().get("_CONDOR_SCRATCH_DIR");
      if (node == null || scratch == null) {
        return 0;
      }
      tellPrepareJob(Path.of(scratch));
      releaseImage(given, node);
      saveConsole(Path.of(scratch));
      Path token = Path.of(scratch).resolve(NodeToken.FILE);
      if (!Files.isRegularFile(token)) {
        return 0;
      }
      invalidate(given, node, Path.of(scratch), token);
      return 0;
    } catch (BadArgumentException | InputTooLargeException | CommandException e) {
      return failed(io, String.valueOf(e.getMessage()));
    } catch (ClassAdSyntaxException e) {
      return failed(io, "the ad on standard input cannot be read: " + e.getMessage());
    } catch (Throwable e) {
      return failed(io, "internal fault: " + e);
    }
  }

  /** If that still runs, it takes its lease later than it is released here. */
  private static void tellPrepareJob(Path scratch) {
    try {
      Files.write(NodeFiles.in(scratch).ended(), new byte[0]);
    } catch (IOException e) {
      // As below.
    }
  }

  /**
   * A courtesy: the lease of a node that is gone holds nothing, and advertise takes the file away.
   */
  private static void releaseImage(HookArguments given, NodeId node) throws BadArgumentException {
    @Nullable Path leases = given.optionalPath("leases");
    try {
      new Leases(leases == null ? Path.of(Paths.LEASES) : leases).release(node);
    } catch (IOException e) {
      // As said.
    }
  }

  /** Of use to people, and no reason to leave the node's ads where they are. */
  private static void saveConsole(Path scratch) {
    try {
      KeptConsoles.save(NodeFiles.in(scratch).console());
    } catch (IOException e) {
      // As said above.
    }
  }

  private static int failed(HookIo io, String message) {
    io.stderr().println("voc: job-exit: " + Printable.of(message, 1500));
    io.stderr().flush();
    return 1;
  }

  /** The node whose job this was, or null if it was no node's. */
  static @Nullable NodeId deadNode(ClassAd ad) {
    String vo = Ads.text(ad, Attr.VO);
    String node = Ads.text(ad, Attr.NODE);
    boolean ours =
        NodeJobAd.claimsToBeOne(ad)
            && VoName.isValid(vo)
            && NodeId.isValid(node)
            && Ads.text(ad, CondorAttr.OWNER).equals(new VoName(vo).account());
    return ours ? new NodeId(node) : null;
  }

  private static void invalidate(HookArguments given, NodeId node, Path scratch, Path token)
      throws IOException, ClassAdSyntaxException, CommandException {
    Path directory = tokenDirectory(scratch, token);
    Path startd = directory.resolveSibling(".voc-exit-startd.ad");
    Path master = directory.resolveSibling(".voc-exit-master.ad");
    String which = Invalidation.ofNode(node);
    Files.write(startd, Invalidation.startds(which).getBytes(StandardCharsets.US_ASCII));
    Files.write(master, Invalidation.masters(which).getBytes(StandardCharsets.US_ASCII));
    new Invalidation(
            given.optional("condor-advertise", CONDOR_ADVERTISE),
            given.optional("collector", ""),
            directory,
            BOUND)
        .send(startd, master);
  }

  /** A directory that holds this token only: HTCondor's tools offer every token that they find. */
  private static Path tokenDirectory(Path scratch, Path token) throws IOException {
    Path directory = scratch.resolve(".voc-tokens.d");
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path copy = directory.resolve("node");
    Files.copy(token, copy, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
    return directory;
  }
}
