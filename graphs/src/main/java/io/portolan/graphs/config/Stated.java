package io.portolan.graphs.config;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a description says of a SimpleCSSM.
 *
 * @param fields the fields that it gives
 * @param options the options of the model and of its cell that it gives
 */
record Stated(Map<Field, String> fields, Map<ModelOption, String> options) {

    /**
     * Sorts a description: the user's overrides stand in front of the rest. Options of other cells are left out of a
     * description, which holds them all; as overrides they are refused.
     *
     * @throws ConfigException if an override is no field and no option of that cell
     */
    static Stated of(Description description, CellType cell) {
        Stated stated = new Stated(new EnumMap<>(Field.class), new EnumMap<>(ModelOption.class));
        description.options().forEach((name, value) -> {
            Field.named(name).ifPresent(field -> stated.fields.put(field, String.valueOf(value)));
            ModelOption.named(name)
                    .filter(option -> option.appliesTo(cell))
                    .ifPresent(option -> stated.options.put(option, option.checked(String.valueOf(value))));
        });
        description.overrides().forEach((name, value) -> {
            Optional<Field> field = Field.named(name);
            if (field.isPresent()) {
                stated.fields.put(field.get(), value);
                return;
            }
            ModelOption option = ModelOption.named(name).orElseThrow(() -> unknown(name));
            if (!option.appliesTo(cell)) {
                throw new ConfigException(
                        "configuration: " + name + " is no option of the cell '" + cell.label() + "'");
            }
            stated.options.put(option, option.checked(value));
        });
        return stated;
    }

    private static ConfigException unknown(String name) {
        String names = Stream.concat(
                        Arrays.stream(Field.values()).map(Field::label),
                        Arrays.stream(ModelOption.values()).map(ModelOption::label))
                .collect(Collectors.joining(", "));
        return new ConfigException("configuration: unknown field '" + name + "'; expected one of " + names);
    }
}
