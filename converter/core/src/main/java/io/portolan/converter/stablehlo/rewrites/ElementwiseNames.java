package io.portolan.converter.stablehlo.rewrites;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The operations that compute each element of their result from the elements at the same place of their operands. */
final class ElementwiseNames {
    static final Set<String> ALL = Stream.concat(
                    Stream.of(ExactGelu.NAME),
                    Stream.of(
                                    "abs add and atan2 cbrt ceil clamp compare complex convert cosine count_leading_zeros divide exponential",
                                    "exponential_minus_one floor imag is_finite log log_plus_one logistic maximum minimum multiply negate not",
                                    "or popcnt power real reduce_precision remainder round_nearest_afz round_nearest_even rsqrt select",
                                    "shift_left shift_right_arithmetic shift_right_logical sign sine sqrt subtract tan tanh xor")
                            .flatMap(names -> Stream.of(names.split(" ")).map(name -> "stablehlo." + name)))
            .collect(Collectors.toUnmodifiableSet());

    private ElementwiseNames() {}
}
