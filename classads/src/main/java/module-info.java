/** The ClassAd language of HTCondor for Java. Needs nothing but the JDK. */
module org.vocluster.classad {
  requires static transitive org.jspecify;

  exports org.vocluster.classad;
  exports org.vocluster.classad.tool;
}
