package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Fft;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/** A quantity of a cell after each of its steps. */
public sealed interface StepValues {
    /** Number of steps. */
    int steps();

    /** The real tensors that a step's value is made of, in a fixed order. */
    List<Operand<TFloat32>> parts(int step);

    /** The maps {@code (B, steps, C, H, W)}. */
    Operand<TFloat32> maps(Ops tf);

    /**
     * Spectra.
     *
     * @param map of the cell
     * @param byStep each step's pieces, whose channels follow each other: {@code (B, …, H·F)} or {@code (B, …, H, F)}, with any
     *     axes of channels
     */
    record Spectra(FeatureMap map, List<List<ComplexTensor>> byStep) implements StepValues {
        /** Spectra of one piece. */
        static Spectra of(FeatureMap map, List<ComplexTensor> byStep) {
            return new Spectra(map, byStep.stream().map(List::of).toList());
        }

        @Override
        public int steps() {
            return byStep.size();
        }

        @Override
        public List<Operand<TFloat32>> parts(int step) {
            return byStep.get(step).stream()
                    .flatMap(piece -> Stream.of(piece.real(), piece.imaginary()))
                    .toList();
        }

        @Override
        public Operand<TFloat32> maps(Ops tf) {
            List<ComplexTensor> steps =
                    byStep.stream().map(pieces -> joined(tf, pieces)).toList();
            return new Fft(tf, map.height(), map.width()).irfft2(ComplexTensor.stack(tf, steps, 1));
        }

        /** {@code (B, C, H, F)}. */
        private ComplexTensor joined(Ops tf, List<ComplexTensor> pieces) {
            int[] shape = {-1, channels(pieces.get(0)), map.height(), map.halfWidth()};
            List<ComplexTensor> channelsFirst = pieces.stream()
                    .map(piece -> piece.map(part -> tf.reshape(part, tf.constant(shape))))
                    .toList();
            return channelsFirst.size() == 1
                    ? channelsFirst.get(0)
                    : new ComplexTensor(
                            tf,
                            tf.concat(
                                    channelsFirst.stream()
                                            .map(ComplexTensor::real)
                                            .toList(),
                                    tf.constant(1)),
                            tf.concat(
                                    channelsFirst.stream()
                                            .map(ComplexTensor::imaginary)
                                            .toList(),
                                    tf.constant(1)));
        }

        private int channels(ComplexTensor piece) {
            int numbers = 1;
            for (int axis = 1; axis < piece.real().rank(); axis++) {
                numbers *= Math.toIntExact(piece.real().shape().get(axis));
            }
            return numbers / map.frequencies();
        }
    }

    /**
     * Maps.
     *
     * @param byStep {@code (B, H, W, C)}: each step's real part, which {@link #maps} gives, and its imaginary part if it is complex
     */
    record InSpace(List<List<Operand<TFloat32>>> byStep) implements StepValues {
        /** Real maps. */
        public static InSpace of(List<Operand<TFloat32>> byStep) {
            return new InSpace(byStep.stream().map(List::of).toList());
        }

        @Override
        public int steps() {
            return byStep.size();
        }

        @Override
        public List<Operand<TFloat32>> parts(int step) {
            return byStep.get(step);
        }

        @Override
        public Operand<TFloat32> maps(Ops tf) {
            List<Operand<TFloat32>> real =
                    byStep.stream().map(parts -> parts.get(0)).toList();
            return tf.linalg.transpose(tf.stack(real, Stack.axis(1L)), CellBuilder.channelsFirst(tf));
        }
    }
}
