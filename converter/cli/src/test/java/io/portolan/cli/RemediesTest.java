package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.portolan.converter.ExportOptions;
import io.portolan.converter.FourierForm;
import io.portolan.converter.Target;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.exporter.ModelDescription;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Libraries' failures end in what to type. */
class RemediesTest {
    @ParameterizedTest
    @EnumSource
    void everyRemedyOfAConversionIsAnOption(ConversionException.Remedy remedy) {
        assertThat(Remedies.of(new ConversionException("failed", remedy))).matches(" \\(--[a-z-]+( \\S+)?\\)");
    }

    @Test
    void oneOfSeveralRemediesIsEnough() {
        assertThat(Failures.describe(new ConversionException(
                        "failed", ConversionException.Remedy.GIVE_SAMPLES, ConversionException.Remedy.SKIP_COMPARISON)))
                .isEqualTo("failed (--sample FILE.npz or --no-verify)");
        assertThat(Failures.describe(new ConversionException("failed"))).isEqualTo("failed");
    }

    @Test
    void labelsForAnotherNumberOfClassesNameTheirOption() {
        Throwable refused = catchThrowable(() -> ModelDescription.labels(3, List.of("a", "b")));
        assertThat(Failures.describe(refused))
                .isEqualTo("labels: 2 labels were given, but the model has 3 classes; give one for each with --labels");
    }

    @Test
    void choicesThatContradictEachOtherNameTheirOptions() {
        ExportOptions transforms = ExportOptions.defaults().with(FourierForm.DFT);
        assertThat(Failures.describe(catchThrowable(() -> transforms.in(new Opset(16)))))
                .endsWith("\nGive --opset 17 or newer");
        assertThat(Failures.describe(catchThrowable(() -> transforms.with(Target.OPENCV))))
                .endsWith("\nGive another --target than opencv, or avoid DFT (leave out --fft dft)");
    }
}
