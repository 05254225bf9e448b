# Sourced by the launchers: finds the Java that VOC runs on, and starts a class
# of voc.jar in it. JVM messages are off: a hook's stdout is protocol.
voc_java=
for voc_candidate in "${VOC_JAVA:-}" /usr/lib/jvm/java-25-openjdk-*/bin/java /usr/lib/jvm/jre-25-openjdk/bin/java; do
  if [ -x "$voc_candidate" ]; then
    voc_java=$voc_candidate
    break
  fi
done
voc_no_java="voc: Java: no Java 25 under /usr/lib/jvm; install openjdk-25-jre-headless, or set VOC_JAVA to a java"

# Mapping the class cache where it was made for saves relocating it; the option
# is a diagnostic one, which another JVM may not know. Whatever changes here
# asks for new caches: a JVM takes only one made with the same options.
voc_jvm="-Xlog:disable -XX:+UseSerialGC -XX:-UsePerfData -XX:+IgnoreUnrecognizedVMOptions
  -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 --enable-native-access=ALL-UNNAMED"
voc_short_lived="-XX:TieredStopAtLevel=1"

# voc_exec PROGRAM FLAGS CLASS ARGUMENT…   becomes that JVM, with the classes that
# PROGRAM needs from its own cache if there is one: naming none that exists would
# cost the JVM its built-in one. VOC_AOT is for make-aot-cache.
voc_exec() {
  if [ -z "$voc_java" ]; then
    echo "$voc_no_java" >&2
    exit 127
  fi
  voc_cache=/var/lib/voc/aot/$1.aot
  voc_flags="$voc_jvm $2"
  if [ -n "${VOC_AOT:-}" ]; then
    voc_flags="$voc_flags $VOC_AOT"
  elif [ -f "$voc_cache" ]; then
    voc_flags="$voc_flags -XX:AOTCache=$voc_cache"
  fi
  voc_class=$3
  shift 3
  # shellcheck disable=SC2086  # flags are words
  exec "$voc_java" $voc_flags -cp /usr/share/voc/voc.jar "$voc_class" "$@"
}
