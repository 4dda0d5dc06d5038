package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A projection of the channels behind an inverse transform, which is done before it: {@code irfft(z)·W = irfft(z·W)}, as both are linear and the
 * transform treats all channels alike. It is written where fewer channels are left, so that there are fewer transforms.
 */
final class ProjectionInFrequency extends Replacement {

    @Override
    boolean replace(Operation operation, Producers producers, Appender append) {
        Optional<Projection> projection = projection(operation, producers);
        projection.ifPresent(found -> found.append(operation.result(), append));
        return projection.isPresent();
    }

    private static Optional<Projection> projection(Operation product, Producers producers) {
        boolean isCandidate = product.name().equals("stablehlo.dot_general")
                && Statics.isStatic(product)
                && product.result().tensor().element() == ElementType.F32
                && product.integers("lhs_batching_dimensions").isEmpty();
        return isCandidate
                ? projection(product, 0, producers).or(() -> projection(product, 1, producers))
                : Optional.empty();
    }

    private static Optional<Projection> projection(Operation product, int side, Producers producers) {
        List<Long> summed = product.integers(side == 0 ? "lhs_contracting_dimensions" : "rhs_contracting_dimensions");
        List<Long> rows = product.integers(side == 0 ? "rhs_contracting_dimensions" : "lhs_contracting_dimensions");
        TensorType weights = product.operand(1 - side).tensor();
        if (summed.size() != 1 || weights.rank() != 2) {
            return Optional.empty();
        }
        int row = rows.get(0).intValue();
        return transformed(product.operand(side), producers)
                .map(maps -> new Projection(product, side, maps, summed.get(0).intValue(), row))
                .filter(Projection::savesTransforms);
    }

    /** The maps of an inverse transform that nothing else reads, as they are or transposed. */
    private static Optional<Maps> transformed(Value maps, Producers producers) {
        Optional<Operation> producer = producers.of(maps).filter(found -> producers.isReadOnce(maps));
        Optional<Operation> transform = producer.filter(found -> found.name().equals("stablehlo.fft")
                && found.keyword("fft_type").equals("IRFFT"));
        if (transform.isPresent()) {
            return transform.map(found -> new Maps(
                    found, LongStream.range(0, maps.tensor().rank()).boxed().toList()));
        }
        return producer.filter(found -> found.name().equals("stablehlo.transpose"))
                .flatMap(transpose -> transformed(transpose.operand(0), producers)
                        .map(inner -> inner.transposed(transpose.integers("permutation"))));
    }

    /**
     * The result of a transform.
     *
     * @param axes for each of its axes, which of the transform's it is
     */
    private record Maps(Operation transform, List<Long> axes) {
        Maps transposed(List<Long> permutation) {
            return new Maps(
                    transform,
                    permutation.stream().map(axis -> axes.get(axis.intValue())).toList());
        }
    }

    /**
     * A product of maps and weights.
     *
     * @param side which of its operands are the maps
     * @param summed the axis of the maps over which it sums
     * @param row the axis of the weights over which it sums
     */
    private record Projection(Operation product, int side, Maps maps, int summed, int row) {
        private Value weights() {
            return product.operand(1 - side);
        }

        private Value spectrum() {
            return maps.transform().operand(0);
        }

        private long channels() {
            return weights().tensor().dim(1 - row);
        }

        /** The axis of the spectrum that the channels are on. */
        private int axis() {
            return maps.axes().get(summed).intValue();
        }

        boolean savesTransforms() {
            int firstTransformed = spectrum().tensor().rank()
                    - maps.transform().integers("fft_length").size();
            return axis() < firstTransformed && channels() < spectrum().tensor().dim(axis());
        }

        void append(Value result, Appender append) {
            TensorType type = withChannels(spectrum().tensor());
            Value projected = append.operation(
                    "stablehlo.complex",
                    type,
                    projected("stablehlo.real", type, append),
                    projected("stablehlo.imag", type, append));
            Value transformed = append.operation(
                    "stablehlo.fft",
                    maps.transform().attributes(),
                    new Value(withChannels(maps.transform().result().tensor())),
                    projected);
            append.operation("stablehlo.transpose", permutation(order()), result, transformed);
        }

        /** One part of the spectrum, with its channels projected in their place. */
        private Value projected(String part, TensorType type, Appender append) {
            Value plain = append.operation(part, spectrum().tensor().withElement(ElementType.F32), spectrum());
            List<Long> dims = new ArrayList<>(plain.tensor().dims());
            dims.remove(axis());
            dims.add(channels());
            Map<String, Attribute> attributes = new HashMap<>(product.attributes());
            attributes.put("lhs_contracting_dimensions", new Attribute.Ints(List.of((long) axis())));
            attributes.put("rhs_contracting_dimensions", new Attribute.Ints(List.of((long) row)));
            Value sums = append.operation(
                    "stablehlo.dot_general",
                    attributes,
                    new Value(new TensorType(ElementType.F32, dims)),
                    plain,
                    weights());
            List<Long> inPlace =
                    new ArrayList<>(LongStream.range(0, dims.size() - 1).boxed().toList());
            inPlace.add(axis(), (long) inPlace.size());
            return append.operation(
                    "stablehlo.transpose", permutation(inPlace), new Value(type.withElement(ElementType.F32)), sums);
        }

        private TensorType withChannels(TensorType type) {
            List<Long> dims = new ArrayList<>(type.dims());
            dims.set(axis(), channels());
            return new TensorType(type.element(), dims);
        }

        /** The axes of the transform in the order of the product's result: the channels are where those of the weights were. */
        private List<Long> order() {
            List<Long> order = new ArrayList<>(maps.axes());
            order.remove(summed);
            order.add(side == 0 ? order.size() : 0, (long) axis());
            return order;
        }

        private static Map<String, Attribute> permutation(List<Long> axes) {
            return Map.of("permutation", new Attribute.Ints(axes));
        }
    }
}
