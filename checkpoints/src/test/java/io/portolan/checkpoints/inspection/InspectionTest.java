package io.portolan.checkpoints.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class InspectionTest {
    private static final long[] PAIR = {2};

    @Test
    void statisticsCountWhatIsNoNumber() {
        ArrayData array = ArrayData.ofFloats(new long[] {5}, Float.NaN, 1, -3, Float.POSITIVE_INFINITY, 4);

        assertThat(ArrayStatistics.of(array))
                .isEqualTo(new ArrayStatistics(-3, Double.POSITIVE_INFINITY, 2.0 / 3, 1, 1));
        assertThat(ArrayStatistics.of(ArrayData.ofFloats(new long[] {0})))
                .isEqualTo(new ArrayStatistics(Double.NaN, Double.NaN, Double.NaN, 0, 0));
    }

    @Test
    void theMeanDoesNotLoseSmallNumbers() {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putDouble(1e16);
        while (bytes.hasRemaining()) {
            bytes.putDouble(1);
        }
        long count = bytes.capacity() / Double.BYTES;
        ArrayData array = ArrayData.of(ElementType.FLOAT64, new long[] {count}, bytes.flip());

        assertThat(ArrayStatistics.of(array).mean()).isEqualTo((1e16 + count - 1) / count);
    }

    @Test
    void differencesAreSortedAndMeasured() {
        Map<String, ArrayData> first = new LinkedHashMap<>();
        first.put("same", ArrayData.ofFloats(PAIR, 1, Float.NaN));
        first.put("little", ArrayData.ofFloats(PAIR, 1, 2));
        first.put("much", ArrayData.ofFloats(PAIR, 1, 2));
        first.put("shape", ArrayData.ofFloats(PAIR, 1, 2));
        first.put("zeros", ArrayData.ofFloats(PAIR, 0, 0));
        first.put("gone", ArrayData.ofFloats(PAIR, 1, 2));
        first.put("nan", ArrayData.ofFloats(PAIR, 1, 2));
        first.put("type", ArrayData.of(ElementType.UINT8, PAIR, ByteBuffer.wrap(new byte[] {1, 2})));
        Map<String, ArrayData> second = new LinkedHashMap<>(first);
        second.put("same", ArrayData.ofFloats(PAIR, 1, Float.NaN));
        second.put("little", ArrayData.ofFloats(PAIR, 1, 2.5f));
        second.put("much", ArrayData.ofFloats(PAIR, 4, 1));
        second.put("shape", ArrayData.ofFloats(new long[] {1, 2}, 1, 2));
        second.put("zeros", ArrayData.ofFloats(PAIR, -0f, 0));
        second.remove("gone");
        second.put("nan", ArrayData.ofFloats(PAIR, 1, Float.NaN));
        second.put("type", ArrayData.of(ElementType.INT8, PAIR, ByteBuffer.wrap(new byte[] {1, 2})));
        second.put("new", ArrayData.ofFloats(PAIR, 1, 2));
        CheckpointDifference difference = CheckpointDifference.of(checkpoint(first), checkpoint(second));

        assertThat(difference.equal()).isEqualTo(1);
        assertThat(difference.differences())
                .extracting(ArrayDifference::path)
                .containsExactly("gone", "new", "shape", "nan", "much", "little", "zeros", "type");
        assertThat(difference.differences().get(3).maxAbsolute()).isInfinite();
        assertThat(difference.differences().get(4))
                .isEqualTo(new ArrayDifference(
                        "much",
                        ArrayDifference.Kind.VALUES,
                        Optional.of("float32 (2)"),
                        Optional.of("float32 (2)"),
                        2,
                        3,
                        0.75));
        assertThat(difference.differences().get(6).kind()).isEqualTo(ArrayDifference.Kind.BITS);
        assertThat(difference.differences().get(7).kind()).isEqualTo(ArrayDifference.Kind.TYPE);
        assertThat(CheckpointDifference.of(checkpoint(first), checkpoint(first)).isEmpty())
                .isTrue();
    }

    @Test
    void entriesAreDescribedByKindAndClass() {
        InertObject record = new InertObject(
                InertObject.Form.RECORD, "optax", "ScaleByAdamState", List.of(), null, List.of(), Map.of());

        assertThat(EntryDescription.of(List.of(record, List.of(record))))
                .isEqualTo("list of optax.ScaleByAdamState, list of optax.ScaleByAdamState");
        assertThat(EntryDescription.of(Map.of("lr", 0.1))).isEqualTo("dictionary of 'lr'");
        assertThat(EntryDescription.of(ArrayData.ofFloats(PAIR, 1, 2))).isEqualTo("float32 (2)");
        assertThat(EntryDescription.of(List.of())).isEqualTo("list of nothing");
        assertThat(EntryDescription.of(Tuple.of(record, 1L))).isEqualTo("tuple of optax.ScaleByAdamState, 1");
        assertThat(EntryDescription.of(null)).isEqualTo("None");
    }

    private static Checkpoint checkpoint(Map<String, ArrayData> parameters) {
        return new Checkpoint(
                ParameterTree.of(parameters),
                ParameterTree.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Map.of());
    }
}
