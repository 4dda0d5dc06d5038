package io.portolan.converter.tensorflow;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The registry of supported TensorFlow ops: one definition for each op name. Immutable. */
public final class HandlerRegistry {
    private final SortedMap<String, OpDefinition> definitions = new TreeMap<>();

    private HandlerRegistry(Stream<OpDefinition> definitions) {
        definitions.forEach(definition -> {
            if (this.definitions.putIfAbsent(definition.name(), definition) != null) {
                throw new IllegalArgumentException("There already is a definition of " + definition.name());
            }
        });
    }

    /**
     * A registry of families of ops.
     *
     * @throws IllegalArgumentException if two define the same op
     */
    public static HandlerRegistry of(Collection<List<OpDefinition>> families) {
        return new HandlerRegistry(families.stream().flatMap(List::stream));
    }

    /** The definition of an op. */
    public Optional<OpDefinition> find(String op) {
        return Optional.ofNullable(definitions.get(op));
    }

    /** All definitions in alphabetical order. */
    public Collection<OpDefinition> definitions() {
        return Collections.unmodifiableCollection(definitions.values());
    }
}
