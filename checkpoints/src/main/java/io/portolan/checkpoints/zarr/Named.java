package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.values.CheckpointException;
import java.util.Map;

/**
 * An extension point of zarr v3: a name, and a configuration that depends on it.
 *
 * @param configuration its members; none if there is no configuration
 */
record Named(String name, Map<?, ?> configuration) {

    static Named of(JsonDocument json, String member, Object value) throws CheckpointException {
        if (value instanceof String name) {
            return new Named(name, Map.of());
        }
        Map<?, ?> members = json.object(member, value);
        Object configuration = members.get("configuration");
        return new Named(
                json.text("the name of " + member, members.get("name")),
                configuration == null ? Map.of() : json.object("the configuration of " + member, configuration));
    }
}
