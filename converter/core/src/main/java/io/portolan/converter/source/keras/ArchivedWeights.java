package io.portolan.converter.source.keras;

import io.portolan.checkpoints.hdf5.Hdf5Contents;
import io.portolan.checkpoints.values.ArrayData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Output;

/**
 * The weights of a {@code .keras} file: those of a layer are numbered in the group {@code vars} at the layer's path.
 *
 * @param name how errors call the group of weights
 */
record ArchivedWeights(String name, Hdf5Contents contents) implements StoredWeights {
    private static final String VARIABLES = "vars";

    @Override
    public Map<Output<?>, ArrayData> of(WeightSlots model, Map<String, WeightSlots> layers) {
        Map<Output<?>, ArrayData> values = new LinkedHashMap<>();
        bind(model, values);
        return values;
    }

    private void bind(WeightSlots slots, Map<Output<?>, ArrayData> values) {
        List<WeightSlots.Slot> own = slots.own();
        if (!own.isEmpty()) {
            Map<?, ?> group = contents.at(slots.path() + "/" + VARIABLES).orElse(Map.of()) instanceof Map<?, ?> map
                    ? map
                    : Map.of();
            List<Object> stored = new ArrayList<>();
            for (int i = 0; group.containsKey(String.valueOf(i)); i++) {
                stored.add(group.get(String.valueOf(i)));
            }
            // Layers that store their weights themselves name them.
            own.stream()
                    .map(WeightSlots.Slot::name)
                    .filter(group::containsKey)
                    .forEach(named -> stored.add(group.get(named)));
            WeightMatch.match(name + ", " + slots.path(), own, stored, group.size(), values);
        }
        slots.children().forEach(child -> bind(child, values));
    }
}
