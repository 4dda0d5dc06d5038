package io.portolan.checkpoints;

import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.numpy.VoidTypes;
import io.portolan.checkpoints.orbax.OrbaxChoice;
import io.portolan.checkpoints.values.ElementType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The options for reading a checkpoint.
 *
 * @param parametersAt the place of the parameters in the file, keys joined by slashes, such as {@code ema_params} or
 *     {@code state/params}; {@code .} for the top level. Empty to search for them
 * @param orbax the step and item of an Orbax directory that has several
 * @param unpacking the limits of decompression
 * @param voidTypes the types of elements in {@code .npy} and {@code .npz} files that do not state them
 */
public record ReadOptions(
        Optional<String> parametersAt, OrbaxChoice orbax, UnpackingLimits unpacking, VoidTypes voidTypes) {
    private static final ReadOptions DEFAULTS =
            new ReadOptions(Optional.empty(), OrbaxChoice.latest(), UnpackingLimits.defaults(), VoidTypes.none());

    public ReadOptions {
        Objects.requireNonNull(parametersAt);
        Objects.requireNonNull(orbax);
        Objects.requireNonNull(unpacking);
        Objects.requireNonNull(voidTypes);
    }

    /** The default options: a search for the parameters and the default limits. */
    public static ReadOptions defaults() {
        return DEFAULTS;
    }

    /** A copy with the parameters at a given place. */
    public ReadOptions withParametersAt(String path) {
        return new ReadOptions(Optional.of(path), orbax, unpacking, voidTypes);
    }

    /**
     * A copy with the types of elements that numpy writes as {@code V2} or {@code V1}, such as bfloat16.
     *
     * @throws IllegalArgumentException if two have the same size, or one is a type that files state
     */
    public ReadOptions withVoidTypes(ElementType... types) {
        return new ReadOptions(parametersAt, orbax, unpacking, VoidTypes.of(List.of(types)));
    }

    /** A copy that reads one step or item of an Orbax directory. */
    public ReadOptions withOrbax(OrbaxChoice choice) {
        return new ReadOptions(parametersAt, choice, unpacking, voidTypes);
    }
}
