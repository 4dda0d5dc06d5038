package io.portolan.graphs.layers;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.model.ModelGraph;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;

/** A checkpoint whose arrays are not exactly those of the model is refused, with the name of the array. */
class CheckpointArraysTest {
    private static final GoldenCase GOLDEN = GoldenCase.named("transformer_temporal_t1_36");

    @Test
    void aMissingArrayIsNamedWithItsShape() {
        assertRefused(changed("cssm_0/B_K/kernel", null))
                .withMessageContaining("no array 'cssm_0/B_K/kernel'")
                .withMessageContaining("[8, 45]");
    }

    @Test
    void anArrayOfAnotherShapeIsNamedWithBoth() {
        assertRefused(changed("head/kernel", ArrayData.ofFloats(new long[] {8, 3}, new float[24])))
                .withMessageContaining("'head/kernel' is float32 (8, 3)")
                .withMessageContaining("[8, 2]");
    }

    @Test
    void anArrayOfAnotherElementTypeIsNamed() {
        ArrayData doubles = ArrayData.of(ElementType.FLOAT64, new long[] {8, 2}, ByteBuffer.allocate(128));
        assertRefused(changed("head/kernel", doubles)).withMessageContaining("'head/kernel' is float64");
    }

    @Test
    void arraysThatTheModelDoesNotHaveAreNamed() {
        assertRefused(changed("body_norm_0/scale", ArrayData.ofFloats(new long[] {1}, 1f)))
                .withMessageContaining("arrays that this model does not have (1): body_norm_0/scale");
    }

    private static ThrowableAssertAlternative<WeightsException> assertRefused(Checkpoint checkpoint) {
        return assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> ModelGraph.build(checkpoint, GoldenModel.config(GOLDEN), Plan.FAITHFUL)
                        .close());
    }

    private static Checkpoint changed(String path, ArrayData array) {
        Checkpoint golden = GOLDEN.checkpoint();
        Map<String, ArrayData> arrays = new LinkedHashMap<>(golden.parameters().arrays());
        if (array == null) {
            arrays.remove(path);
        } else {
            arrays.put(path, array);
        }
        return new Checkpoint(
                ParameterTree.of(arrays), golden.batchStatistics(), golden.epoch(), golden.step(), golden.metadata());
    }
}
