package io.portolan.converter.stablehlo;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The lowered operations by full name. Immutable. */
public final class LoweringRegistry {
    private final SortedMap<String, OpLowering> lowerings = new TreeMap<>();

    private LoweringRegistry() {}

    /**
     * A registry of families of operations.
     *
     * @throws IllegalArgumentException if two define the same operation
     */
    public static LoweringRegistry of(Collection<List<OpLowering>> families) {
        LoweringRegistry registry = new LoweringRegistry();
        families.forEach(family -> family.forEach(lowering -> {
            if (registry.lowerings.putIfAbsent(lowering.name(), lowering) != null) {
                throw new IllegalArgumentException("There already is a lowering of " + lowering.name());
            }
        }));
        return registry;
    }

    /** The lowering of an operation. */
    public Optional<OpLowering> find(String name) {
        return Optional.ofNullable(lowerings.get(name));
    }

    /** All lowerings in alphabetical order. */
    public Collection<OpLowering> all() {
        return Collections.unmodifiableCollection(lowerings.values());
    }
}
