package io.portolan.cli;

import io.portolan.converter.WeightType;
import java.util.Iterator;
import java.util.stream.Stream;

/** The defaults of {@code --tolerance}, as its help lists them. */
final class WeightTolerances implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Stream.of(WeightType.values())
                .map(type -> Tables.scientific(type.tolerance()) + " for " + type.label())
                .iterator();
    }
}
