package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An order of axes: axis {@code i} of the result is axis {@code sources[i]} of the input.
 *
 * @param sources as ONNX's Transpose has them
 */
record Permutation(List<Long> sources) {
    /** The permutation of the transpose that made a value. */
    static Optional<Permutation> of(Value value, GraphBuilder b) {
        return b.graph().producer(value).flatMap(Permutation::of);
    }

    /** The permutation of a node, if that is a transpose. */
    static Optional<Permutation> of(Node node) {
        return node.op() == StandardOp.TRANSPOSE
                ? Optional.of(new Permutation(node.attributes().integers("perm")))
                : Optional.empty();
    }

    boolean isIdentity() {
        return sources.equals(LongStream.range(0, sources.size()).boxed().toList());
    }

    /** The permutation that does what this one does to the result of an earlier one. */
    Permutation after(Permutation earlier) {
        return new Permutation(sources.stream()
                .map(axis -> earlier.sources.get(axis.intValue()))
                .toList());
    }

    /** The axis of the input that becomes this axis of the result. */
    long sourceOf(int axis) {
        return sources.get(axis);
    }

    /** What is left when axes of the result, and the axes of the input that they come from, vanish. */
    Permutation without(List<Integer> axes) {
        List<Long> gone = axes.stream().map(sources::get).toList();
        return new Permutation(sources.stream()
                .filter(source -> !gone.contains(source))
                .map(source ->
                        source - gone.stream().filter(axis -> axis < source).count())
                .toList());
    }

    Value appliedTo(Value value, GraphBuilder b) {
        return isIdentity()
                ? value
                : b.transpose(value, sources.stream().mapToLong(Long::longValue).toArray());
    }

    /** A constant as it broadcasts to the input where it broadcast to the result. */
    Value undoneOn(Value constant, GraphBuilder b) {
        int missing = sources.size() - constant.rank();
        long[] padded = LongStream.concat(
                        LongStream.generate(() -> 1).limit(missing),
                        LongStream.of(constant.shape().sizes()))
                .toArray();
        TensorData data = constant.data().orElseThrow().reshaped(padded);
        return inverse().appliedTo(b.constant(data, constant.name()), b);
    }

    private Permutation inverse() {
        return new Permutation(IntStream.range(0, sources.size())
                .mapToObj(axis -> (long) sources.indexOf((long) axis))
                .toList());
    }
}
