package io.portolan.exporter.comparison;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/**
 * Mean and spread of a number over the seeds.
 *
 * @param deviation the sample's standard deviation; null for one seed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Spread(double mean, Double deviation) {
    static <T> Spread of(Collection<T> runs, ToDoubleFunction<T> number) {
        double[] values = runs.stream().mapToDouble(number).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        if (values.length == 1) {
            return new Spread(mean, null);
        }
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return new Spread(mean, Math.sqrt(squares / (values.length - 1)));
    }
}
