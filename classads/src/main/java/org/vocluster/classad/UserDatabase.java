package org.vocluster.classad;

import org.jspecify.annotations.Nullable;

/**
 * What {@code userMap()} and {@code userHome()} ask. Thread-safe if evaluations are to run in
 * several threads.
 */
public interface UserDatabase {
  /** Knows nobody: {@code userMap()} is undefined, and {@code userHome()} its default. */
  UserDatabase NONE =
      new UserDatabase() {
        @Override
        public @Nullable String map(String mapName, String user) {
          return null;
        }

        @Override
        public @Nullable String home(String user) {
          return null;
        }
      };

  /**
   * The groups that a named map (CLASSAD_USER_MAPFILE_name) has for the user, separated by commas;
   * null if there is no such map or no such user.
   */
  @Nullable String map(String mapName, String user);

  /** The user's home directory; null if there is no such user. */
  @Nullable String home(String user);
}
