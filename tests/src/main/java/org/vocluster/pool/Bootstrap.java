package org.vocluster.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Debian tree made by mmdebstrap, as small as it can be without hurting what runs in it: no
 * recommended packages, no documentation, no translations.
 *
 * @param packages what to install; dependencies come by themselves
 * @param excluded patterns of paths that are left out of all packages, beyond the usual ones
 */
public record Bootstrap(Suite suite, List<String> packages, List<String> excluded) {
  private static final Duration BOUND = Duration.ofMinutes(20);

  private static final List<String> DOCUMENTATION =
      List.of(
          "/usr/share/doc/*",
          "/usr/share/man/*",
          "/usr/share/info/*",
          "/usr/share/locale/*",
          "/usr/share/lintian/*",
          "/usr/share/bash-completion/*",
          "/usr/share/zsh/*");

  public Bootstrap {
    packages = List.copyOf(packages);
    excluded = List.copyOf(excluded);
  }

  /** Everything that determines the tree, but for the day it was made. */
  public List<String> inputs() {
    return arguments(Path.of("TREE"));
  }

  public void into(Path tree) throws PoolException, InterruptedException {
    Command.run(BOUND, arguments(tree)).orThrow();
  }

  private List<String> arguments(Path tree) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "nice", "mmdebstrap", "--mode=root", "--variant=minbase", "--skip=check/empty"));
    arguments.add("--aptopt=APT::Install-Recommends \"false\"");
    suite.aptOptions().forEach(option -> arguments.add("--aptopt=" + option));
    for (List<String> patterns : List.of(DOCUMENTATION, excluded)) {
      patterns.forEach(pattern -> arguments.add("--dpkgopt=path-exclude=" + pattern));
    }
    // Java's packages register alternatives for manual pages and fail without that directory.
    arguments.add("--essential-hook=mkdir -p \"$1/usr/share/man/man1\"");
    // What is installed later, by hand, is installed whole.
    arguments.add("--customize-hook=rm -f \"$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap\"");
    arguments.add("--include=" + String.join(",", packages));
    arguments.add(suite.debianName());
    arguments.add(tree.toString());
    arguments.addAll(Machine.debianMirror());
    return arguments;
  }
}
