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

voc_hook_flags="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData"

# voc_exec FLAGS CLASS ARGUMENT…   becomes that JVM
voc_exec() {
  if [ -z "$voc_java" ]; then
    echo "$voc_no_java" >&2
    exit 127
  fi
  voc_flags=$1
  voc_class=$2
  shift 2
  # shellcheck disable=SC2086  # flags are words
  exec "$voc_java" -Xlog:disable --enable-native-access=ALL-UNNAMED -XX:AOTCache=/var/lib/voc/aot/voc.aot $voc_flags \
    -cp /usr/share/voc/voc.jar "$voc_class" "$@"
}
