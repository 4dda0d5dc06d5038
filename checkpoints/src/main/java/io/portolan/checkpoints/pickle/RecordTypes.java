package io.portolan.checkpoints.pickle;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The classes whose instances are kept as inert records. Optax has some sixty named tuples and moves them between
 * modules, so they are matched by a pattern; a training state is more often a user's own class than Flax's.
 */
final class RecordTypes {
    private static final Pattern OPTAX_MODULE = Pattern.compile("optax(\\.[a-z_][a-z0-9_]*)*");
    private static final Pattern CLASS_NAME = Pattern.compile("[A-Z][A-Za-z0-9]*");
    private static final Set<Global.Name> OTHERS = Set.of(
            new Global.Name("flax.training.dynamic_scale", "DynamicScale"),
            new Global.Name("flax.training.early_stopping", "EarlyStopping"));
    private static final Pattern ANY_MODULE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");
    private static final String TRAINING_STATE = "TrainState";

    private RecordTypes() {}

    static boolean contains(Global.Name type) {
        return OPTAX_MODULE.matcher(type.module()).matches()
                        && CLASS_NAME.matcher(type.name()).matches()
                || type.name().equals(TRAINING_STATE)
                        && ANY_MODULE.matcher(type.module()).matches()
                || OTHERS.contains(type);
    }
}
