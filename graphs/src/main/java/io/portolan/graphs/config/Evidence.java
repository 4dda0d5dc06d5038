package io.portolan.graphs.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a checkpoint's arrays say about an option.
 *
 * @param fits whether a value agrees with the arrays
 * @param shown the values that do, for messages
 * @param only the value, if the arrays leave one
 */
record Evidence(Predicate<String> fits, String shown, Optional<String> only) {
    /** The arrays leave no trace of the option. */
    static final Evidence NONE = new Evidence(value -> true, "any", Optional.empty());

    static Evidence of(Object value) {
        return oneOf(List.of(value));
    }

    static Evidence oneOf(List<?> values) {
        List<String> texts = values.stream().map(String::valueOf).toList();
        return new Evidence(
                texts::contains,
                String.join(" or ", texts),
                texts.size() == 1 ? Optional.of(texts.get(0)) : Optional.empty());
    }

    /** A ratio of which the arrays show a width, a whole number of channels: the ratio times C, rounded down. */
    static Evidence ofWidth(long width, long channels) {
        double ratio = (double) width / channels;
        return new Evidence(
                value -> Values.number(value)
                        .filter(stated -> (long) (channels * stated) == width)
                        .isPresent(),
                String.valueOf(ratio),
                Optional.of(String.valueOf(ratio)));
    }
}
