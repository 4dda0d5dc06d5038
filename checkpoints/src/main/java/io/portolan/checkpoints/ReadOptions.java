package io.portolan.checkpoints;

import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.values.InertObject;
import java.util.Objects;
import java.util.Optional;

/**
 * How a checkpoint is read.
 *
 * @param lenient whether what a pickle names and this library does not know is kept as an opaque {@link InertObject},
 *     never executed, rather than refused
 * @param parametersAt where in the file the parameters are, keys joined by slashes, such as {@code ema_params} or
 *     {@code state/params}; {@code .} for the top level. Empty to search for them
 * @param unpacking what compressed files may unpack to
 */
public record ReadOptions(boolean lenient, Optional<String> parametersAt, UnpackingLimits unpacking) {
    private static final ReadOptions DEFAULTS = new ReadOptions(false, Optional.empty(), UnpackingLimits.defaults());

    public ReadOptions {
        Objects.requireNonNull(parametersAt);
        Objects.requireNonNull(unpacking);
    }

    /** Strict, searching for the parameters, with the usual limits. */
    public static ReadOptions defaults() {
        return DEFAULTS;
    }

    /** These options with another leniency. */
    public ReadOptions withLenient(boolean other) {
        return new ReadOptions(other, parametersAt, unpacking);
    }

    /** These options with parameters at a known place. */
    public ReadOptions withParametersAt(String path) {
        return new ReadOptions(lenient, Optional.of(path), unpacking);
    }
}
