package io.portolan.checkpoints;

import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.values.InertObject;
import java.util.Objects;
import java.util.Optional;

/**
 * The options for reading a checkpoint.
 *
 * @param lenient whether unknown globals of a pickle are kept as opaque {@link InertObject}s, never executed, instead
 *     of refused
 * @param parametersAt the place of the parameters in the file, keys joined by slashes, such as {@code ema_params} or
 *     {@code state/params}; {@code .} for the top level. Empty to search for them
 * @param unpacking the limits of decompression
 */
public record ReadOptions(boolean lenient, Optional<String> parametersAt, UnpackingLimits unpacking) {
    private static final ReadOptions DEFAULTS = new ReadOptions(false, Optional.empty(), UnpackingLimits.defaults());

    public ReadOptions {
        Objects.requireNonNull(parametersAt);
        Objects.requireNonNull(unpacking);
    }

    /** The default options: strict, with a search for the parameters and the default limits. */
    public static ReadOptions defaults() {
        return DEFAULTS;
    }

    /** A copy with another leniency. */
    public ReadOptions withLenient(boolean other) {
        return new ReadOptions(other, parametersAt, unpacking);
    }

    /** A copy with the parameters at a given place. */
    public ReadOptions withParametersAt(String path) {
        return new ReadOptions(lenient, Optional.of(path), unpacking);
    }
}
