package org.vocluster.vocpool;

/** Somebody who is told what a pool does while it does it. */
public interface Story {
  /** Listens to nothing: for tests, whose reports tell. */
  Story SILENT =
      new Story() {
        @Override
        public void chapter(String title) {}

        @Override
        public void tell(String line) {}
      };

  /** A new part begins. */
  void chapter(String title);

  /** Something was done or seen. */
  void tell(String line);
}
