package io.portolan.checkpoints;

import io.portolan.checkpoints.values.InertObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The records that may stand among parameters, because libraries build their trees with them. A box holds one value and
 * remarks about it, so the value takes the box's place in a path; the fields of a structure are children of their own.
 * Every other record among parameters is refused, since its class could mean anything.
 */
final class KnownRecords {
    /**
     * One row of the table.
     *
     * @param module the module of the class
     * @param name the name of the class
     * @param contents the fields, one of which has the contents of a box; empty for a structure
     */
    private record Row(Pattern module, Pattern name, List<String> contents) {
        Row(String module, String name, String... contents) {
            this(Pattern.compile(module), Pattern.compile(name), List.of(contents));
        }
    }

    private static final String NORMALIZER = "RunningStatisticsState";

    // spotless:off
    private static final List<Row> ROWS = List.of(
            new Row("flax\\.(nnx|experimental\\.nnx)(\\..*)?", "State", "_mapping", "_State__mapping"),
            new Row("flax\\.(core\\.meta|linen\\.(spmd|partitioning))", "[A-Z]\\w*", "value"),
            new Row("jax\\._src(\\.random)?\\.prng|jax\\.random", "PRNGKeyArray", "_base_array"),
            new Row("dotmap", "DotMap", "_map"),
            new Row("collections", "UserDict", "data"),
            new Row("haiku\\._src\\.data_structures", "frozendict|FlatMap(ping)?", "_storage", "_mapping"),
            new Row("brax\\.training\\..*", NORMALIZER + "|NestedMeanStd|UInt64"));
    // spotless:on

    /** The fields of a variable of Flax NNX, whose class is often a laboratory's own. */
    private static final List<String> VARIABLE_VALUES = List.of("_raw_value", "raw_value", "value");

    private static final String VARIABLE_MARK = "_trace_state";

    private KnownRecords() {}

    /** Whether a record may stand among parameters. */
    static boolean contains(InertObject object) {
        return box(object).isPresent() || isContainer(object) || row(object).isPresent();
    }

    /** Whether a value is the running mean and deviation that Brax's agents save in front of their parameters. */
    static boolean isNormalizer(Object value) {
        return value instanceof InertObject object && object.name().equals(NORMALIZER);
    }

    /** The value in a box, or empty if the record is none. */
    static Optional<Box> box(InertObject object) {
        if (!(object.state() instanceof Map<?, ?> fields)) {
            return Optional.empty();
        }
        List<String> contents = fields.containsKey(VARIABLE_MARK)
                ? VARIABLE_VALUES
                : row(object).map(Row::contents).orElse(List.of());
        return contents.stream().filter(fields::containsKey).findFirst().map(field -> new Box(object, fields, field));
    }

    /** A box with its contents. */
    record Box(InertObject object, Map<?, ?> fields, String field) {
        Object contents() {
            return fields.get(field);
        }

        InertObject with(Object other) {
            Map<Object, Object> changed = new LinkedHashMap<>(fields);
            changed.put(field, other);
            return object.withState(changed);
        }
    }

    /** Whether a record is nothing but a list or dictionary of a class of its own. */
    private static boolean isContainer(InertObject object) {
        boolean plain = object.arguments().isEmpty() && object.state() == null;
        return plain && object.items().isEmpty() != object.entries().isEmpty();
    }

    private static Optional<Row> row(InertObject object) {
        return ROWS.stream()
                .filter(row -> row.module().matcher(object.module()).matches()
                        && row.name().matcher(object.name()).matches())
                .findFirst();
    }
}
