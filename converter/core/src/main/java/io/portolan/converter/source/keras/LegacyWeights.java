package io.portolan.converter.source.keras;

import io.portolan.checkpoints.hdf5.Hdf5Contents;
import io.portolan.checkpoints.values.ArrayData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Output;

/**
 * The weights of a {@code .h5} file: each layer of the model has a group, whose attribute {@code weight_names} lists the paths of the
 * arrays; those within it are in one list, the ones that training changes first.
 */
record LegacyWeights(Hdf5Contents contents) implements StoredWeights {
    private static final String WEIGHTS = "model_weights";
    private static final String NAMES = "weight_names";

    @Override
    public Map<Output<?>, ArrayData> of(WeightSlots model, Map<String, WeightSlots> layers) {
        Map<Output<?>, ArrayData> values = new LinkedHashMap<>();
        layers.forEach((layer, slots) -> {
            List<WeightSlots.Slot> taken = slots.all();
            if (!taken.isEmpty()) {
                List<Object> stored = stored(layer);
                WeightMatch.match(WEIGHTS + ", " + GraphOps.safe(layer), taken, stored, stored.size(), values);
            }
        });
        return values;
    }

    private List<Object> stored(String layer) {
        String path = WEIGHTS + "/" + layer;
        Map<String, List<String>> attributes = contents.texts().getOrDefault(path, Map.of());
        List<String> names = new ArrayList<>(attributes.getOrDefault(NAMES, List.of()));
        // A list that exceeds the header of a group is in parts.
        for (int i = 0; attributes.containsKey(NAMES + i); i++) {
            names.addAll(attributes.get(NAMES + i));
        }
        return names.stream()
                .map(each -> contents.at(path + "/" + each).orElse(Map.of()))
                .toList();
    }
}
