package io.portolan.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.onnx.OpsetException;
import io.portolan.converter.passes.Pass;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Options and the passes that follow from them. */
class ExportOptionsTest {
    private static List<String> names(ExportOptions options) {
        return options.passes().passes().stream().map(Pass::name).toList();
    }

    @Test
    void thePassesFollowFromTheChoices() {
        assertThat(names(ExportOptions.defaults()))
                .contains("fourier-as-matmul")
                .doesNotContain("quantized-weights", "precompute-constants");
        ExportOptions options = ExportOptions.defaults()
                .with(WeightType.INT8)
                .with(Target.OPENCV)
                .without(Set.of("sink-transposes"));
        assertThat(names(options))
                .contains("quantized-weights", "precompute-constants", "fourier-as-matmul")
                .doesNotContain("sink-transposes");
        assertThat(names(ExportOptions.defaults().with(FourierForm.DFT)))
                .contains("fourier-as-dft")
                .doesNotContain("fourier-as-matmul");
        assertThat(options.weights().tolerance()).isEqualTo(WeightType.INT8.tolerance());
    }

    @Test
    void theBatchIsThatOfTheTargetUnlessOneIsChosen() {
        assertThat(ExportOptions.defaults().batch()).isEmpty();
        assertThat(ExportOptions.defaults().with(Target.OPENCV).batch()).hasValue(1);
        assertThat(ExportOptions.defaults().withBatch(3).with(Target.OPENCV).batch())
                .hasValue(3);
    }

    @Test
    void otherChoicesStay() {
        ExportOptions options = ExportOptions.defaults()
                .withBatch(2)
                .without(Set.of("pool-by-phases"))
                .in(new Opset(21));
        assertThat(options.with(WeightType.FLOAT16))
                .isEqualTo(new ExportOptions(
                        FourierForm.MATMUL,
                        WeightType.FLOAT16,
                        Target.ANY,
                        Set.of("pool-by-phases"),
                        options.batch(),
                        Optional.of(new Opset(21))));
    }

    @Test
    void choicesThatContradictEachOtherAreRefused() {
        ExportOptions options = ExportOptions.defaults();
        assertThatIllegalArgumentException()
                .as("unknown")
                .isThrownBy(() -> options.without(Set.of("nonsense")))
                .withMessageStartingWith("there is no pass 'nonsense'; there are fold-constants");
        assertThatIllegalArgumentException()
                .as("required")
                .isThrownBy(() -> options.without(Set.of("fourier-as-matmul")))
                .withMessageContaining("there is no pass 'fourier-as-matmul'");
        assertThatIllegalArgumentException()
                .as("of another target")
                .isThrownBy(() -> options.without(Set.of("halve-gelu-last")))
                .withMessageContaining("there is no pass 'halve-gelu-last'");
        ExportOptions lean = options.with(Target.OPENCV).without(Set.of("halve-gelu-last"));
        assertThatIllegalArgumentException()
                .as("of the target before")
                .isThrownBy(() -> lean.with(Target.ANY))
                .withMessageContaining("there is no pass 'halve-gelu-last'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.withBatch(0))
                .withMessage("a batch holds 1 sample or more, not 0");
    }

    @Test
    void anOperatorForTransformsThatTheOpsetOrTheTargetLacksIsRefused() {
        ExportOptions transforms = ExportOptions.defaults().with(FourierForm.DFT);
        assertThat(transforms.in(new Opset(17)).opset()).hasValue(new Opset(17));
        ExportOptions old = ExportOptions.defaults().in(new Opset(16));
        for (ThrowingCallable contradiction :
                List.<ThrowingCallable>of(() -> transforms.in(new Opset(16)), () -> old.with(FourierForm.DFT))) {
            assertThatExceptionOfType(OpsetException.class)
                    .isThrownBy(contradiction)
                    .withMessageContaining("DFT needs opset 17")
                    .satisfies(refused -> assertThat(refused.neededOpset()).isEqualTo(17));
        }
        for (ThrowingCallable contradiction : List.<ThrowingCallable>of(
                () -> transforms.with(Target.OPENCV),
                () -> ExportOptions.defaults().with(Target.OPENCV).with(FourierForm.DFT))) {
            assertThatExceptionOfType(TargetException.class)
                    .isThrownBy(contradiction)
                    .satisfies(refused -> assertThat(refused.unknown()).containsExactly(StandardOp.DFT));
        }
    }
}
