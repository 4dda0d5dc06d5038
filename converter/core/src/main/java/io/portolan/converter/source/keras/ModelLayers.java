package io.portolan.converter.source.keras;

import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.List;
import java.util.Map;

/** Models as layers of models. */
final class ModelLayers {
    static final List<Row> ROWS = List.of(
            new Row("Sequential", false, ModelLayers::model),
            new Row("Functional", false, ModelLayers::model),
            new Row("Model", false, ModelLayers::model));

    private ModelLayers() {}

    private static Object model(LayerCall call) {
        call.config().ignore("layers", "input_layers", "output_layers", "build_input_shape");
        call.mask();
        Object inputs = call.argument(0, "inputs").orElse(List.of());
        LayeredModel model = LayeredModel.of(
                new SavedLayer("", call.kind(), call.config().members(), List.of()), call.weights(), call.context());
        return model.call(inputs instanceof Map<?, ?> ? inputs : LayeredModel.flat(inputs));
    }
}
