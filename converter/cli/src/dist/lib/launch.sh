# How the command line is started, by the launchers of a distribution and of the sources. To be sourced by bash.

# Prints which Java starts: $1 if there is one in that folder, else JAVA_HOME's, else the one on the path.
find_java() {
  local java=java
  if [ -x "$1/bin/java" ]; then
    java=$1/bin/java
  elif [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
  fi
  command -v "$java" || { echo "portolan: no Java found; install Java 17 or newer, or set JAVA_HOME" >&2; return 1; }
}

# Prints the option with which Java 23 and newer do not warn of how protobuf reads memory; older ones do not know it.
unsafe_option() {
  local release version
  release=$(dirname "$(dirname "$(readlink -f "$(command -v "$1")")")")/release
  [ -r "$release" ] || return 0
  version=$(grep -m 1 '^JAVA_VERSION=' "$release" || true)
  version=${version#*\"}
  version=${version%%[!0-9]*}
  if [ "${version:-0}" -ge 23 ]; then echo --sun-misc-unsafe-memory-access=allow; fi
}

# Replaces this shell by the command line.
#   launch JAVA CLASSPATH NATIVES ARGUMENT...
# NATIVES is the folder of ONNX Runtime's native libraries.
launch() {
  local java=$1 classpath=$2 natives=$3
  shift 3

  # Java reads the names of files in the encoding of the locale: where that is not UTF-8, "ä.png" could not be opened.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) ;;
    *) [ "$(uname)" = Darwin ] || export LC_ALL=C.UTF-8 ;;
  esac

  # Help is as wide as the terminal.
  if [ -z "${COLUMNS:-}" ] && [ -t 1 ] && command -v tput >/dev/null; then
    COLUMNS=$(tput cols 2>/dev/null || true)
    export COLUMNS
  fi

  # TensorFlow's start-up chatter stays out of the way unless it is asked for.
  export TF_CPP_MIN_LOG_LEVEL=${TF_CPP_MIN_LOG_LEVEL:-2}

  # On a GPU, float32 stays float32: TensorFlow would round the factors of products to TF32, of 10 bits.
  export NVIDIA_TF32_OVERRIDE=${NVIDIA_TF32_OVERRIDE:-0}

  # ONNX Runtime would report to its makers.
  export ORT_DISABLE_TELEMETRY=1

  # The work is done in native code: compiling Java thoroughly costs 2 to 3 seconds of processor time and does not come back. Steps of
  # training take the same; of what Java does itself, drawing 300-pixel pictures gains a fifth, and training on such files 7 % of the
  # processor's time after some hundred steps. Java 24 and newer warn of native code that is not announced.
  # shellcheck disable=SC2086
  exec "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto --enable-native-access=ALL-UNNAMED \
    $(unsafe_option "$java") -Donnxruntime.native.path="$natives" ${PORTOLAN_JAVA_OPTIONS:-} -cp "$classpath" io.portolan.cli.Portolan "$@"
}
