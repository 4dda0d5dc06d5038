package io.portolan.checkpoints;

import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The parts of an inert object that hold its children, each seen as a list or a dictionary. */
enum RecordPart {
    ARGUMENTS(InertObject::arguments, (object, other) -> object.withArguments((List<?>) other)),
    STATE(RecordPart::fields, RecordPart::withFields),
    SLOTS(
            object -> slots(object) ? ((Tuple) object.state()).elements().get(1) : Map.of(),
            (object, other) -> object.withState(
                    Tuple.of(((Tuple) object.state()).elements().get(0), other))),
    ITEMS(InertObject::items, (object, other) -> object.withItems((List<?>) other)),
    ENTRIES(InertObject::entries, (object, other) -> object.withEntries((Map<?, ?>) other));

    /** The name of a state that is neither a dictionary nor a list. */
    private static final String STATE_ITSELF = "state";

    private final Function<InertObject, Object> container;
    private final BiFunction<InertObject, Object, InertObject> replacement;

    RecordPart(Function<InertObject, Object> container, BiFunction<InertObject, Object, InertObject> replacement) {
        this.container = container;
        this.replacement = replacement;
    }

    /** The children as a list or dictionary. */
    Object of(InertObject object) {
        return container.apply(object);
    }

    /** A copy of an object with other children of this part. */
    InertObject with(InertObject object, Object other) {
        return replacement.apply(object, other);
    }

    /** The label of a child of this part: with the part's name if another part has a child with that label. */
    String label(String label, Map<String, Object> others) {
        return others.containsKey(label) ? "%" + name().toLowerCase(Locale.ROOT) + ":" + label : label;
    }

    /** The fields in the state; a class with slots has a pair of dictionaries, either of which may be None. */
    private static Object fields(InertObject object) {
        if (slots(object)) {
            Object fields = ((Tuple) object.state()).elements().get(0);
            return fields == null ? Map.of() : fields;
        }
        if (object.state() == null || object.state() instanceof Map) {
            return object.state() == null ? Map.of() : object.state();
        }
        Map<String, Object> itself = new LinkedHashMap<>();
        itself.put(STATE_ITSELF, object.state());
        return itself;
    }

    private static InertObject withFields(InertObject object, Object other) {
        if (slots(object)) {
            return object.withState(
                    Tuple.of(other, ((Tuple) object.state()).elements().get(1)));
        }
        return object.withState(object.state() instanceof Map ? other : ((Map<?, ?>) other).get(STATE_ITSELF));
    }

    private static boolean slots(InertObject object) {
        return object.state() instanceof Tuple pair
                && pair.elements().size() == 2
                && (pair.elements().get(0) == null || pair.elements().get(0) instanceof Map)
                && pair.elements().get(1) instanceof Map;
    }
}
