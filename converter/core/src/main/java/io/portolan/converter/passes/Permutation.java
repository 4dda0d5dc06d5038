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
 * @param sources the {@code perm} attribute of ONNX's Transpose
 */
record Permutation(List<Long> sources) {
    /** The permutation of the Transpose that computes a value; empty if another node does. */
    static Optional<Permutation> of(Value value, GraphBuilder b) {
        return b.graph().producer(value).flatMap(Permutation::of);
    }

    /** The permutation of a node; empty if it is not a Transpose. */
    static Optional<Permutation> of(Node node) {
        return node.op() == StandardOp.TRANSPOSE
                ? Optional.of(new Permutation(node.attributes().integers("perm")))
                : Optional.empty();
    }

    /** The order in which so many axes are. */
    static Permutation identity(int rank) {
        return new Permutation(LongStream.range(0, rank).boxed().toList());
    }

    boolean isIdentity() {
        return equals(identity(sources.size()));
    }

    /** The axes of the input that become the last ones of the result. */
    List<Long> last(int count) {
        return sources.subList(sources.size() - count, sources.size());
    }

    /** The composition of an earlier permutation and this one. */
    Permutation after(Permutation earlier) {
        return new Permutation(of(earlier.sources));
    }

    /** The axis of the input that becomes this axis of the result. */
    long sourceOf(int axis) {
        return sources.get(axis);
    }

    /** What belongs to each axis of the result, from what belongs to each axis of the input. */
    <T> List<T> of(List<T> perAxis) {
        return sources.stream().map(axis -> perAxis.get(axis.intValue())).toList();
    }

    /** The permutation of the axes that remain when axes of the result, and the input axes they come from, are removed. */
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

    /** A constant that broadcasts to the result, transposed so that it broadcasts to the input. */
    Value undoneOn(Value constant, GraphBuilder b) {
        int missing = sources.size() - constant.rank();
        long[] padded = LongStream.concat(
                        LongStream.generate(() -> 1).limit(missing),
                        LongStream.of(constant.shape().sizes()))
                .toArray();
        TensorData data = constant.data().orElseThrow().reshaped(padded);
        return inverse().appliedTo(b.constant(data, constant.name()), b);
    }

    Permutation inverse() {
        return new Permutation(IntStream.range(0, sources.size())
                .mapToObj(axis -> (long) sources.indexOf((long) axis))
                .toList());
    }
}
