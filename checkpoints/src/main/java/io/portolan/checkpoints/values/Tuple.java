package io.portolan.checkpoints.values;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A Python tuple. It is not a {@link List}, so that a tree of tuples and one of lists are not equal: JAX tells them
 * apart.
 *
 * @param elements its values, which may be null; unmodifiable
 */
public record Tuple(List<Object> elements) {
    /** Copies the elements. */
    public Tuple {
        elements = Collections.unmodifiableList(new ArrayList<>(elements));
    }

    /** The tuple of the elements of a list. */
    public static Tuple copyOf(List<?> elements) {
        return new Tuple(new ArrayList<>(elements));
    }

    /** The tuple of these values. */
    public static Tuple of(Object... elements) {
        return new Tuple(Arrays.asList(elements));
    }
}
