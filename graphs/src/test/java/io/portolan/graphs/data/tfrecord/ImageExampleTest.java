package io.portolan.graphs.data.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.graphs.data.Resources;
import io.portolan.graphs.data.error.DatasetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.Int64List;

class ImageExampleTest {
    @Test
    void anExampleOfTheReferenceIsReadAndWrittenWithTheSameContent() throws IOException {
        try (TfRecordFile file = TfRecordFile.open(Resources.records())) {
            for (int i = 0; i < file.size(); i++) {
                ByteBuffer record = file.read(i);
                ImageExample example = ImageExample.parse(record.duplicate(), "here");
                assertThat(example.label()).isEqualTo(i);
                float[] values = new float[64 * 64 * 3];
                example.values(values, 0);
                byte[] again = ImageExample.of(example.height(), example.width(), example.label(), values)
                        .toBytes();
                // Features are a map: their order in the bytes has no meaning and differs between runs of Python.
                assertThat(again).hasSize(record.remaining());
                assertThat(Example.parseFrom(again)).isEqualTo(Example.parseFrom(record));
            }
        }
    }

    @Test
    void bytesThatAreNoExampleAreRefused() {
        assertThatThrownBy(
                        () -> ImageExample.parse(ByteBuffer.wrap(new byte[] {10, 100, 1}), "file, record 3 at byte 90"))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith("file, record 3 at byte 90: not a tf.train.Example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "label", "height", "width", "channels"})
    void aFeatureThatIsMissingIsNamed(String name) throws IOException {
        Example.Builder example = example();
        example.getFeaturesBuilder().removeFeature(name);
        assertRefused(example, "'" + name + "' is missing");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1, 1L << 40, Integer.MAX_VALUE})
    void sizesMustAccountForTheImage(long height) throws IOException {
        Example.Builder example = example();
        example.getFeaturesBuilder()
                .putFeature(
                        "height",
                        Feature.newBuilder()
                                .setInt64List(Int64List.newBuilder().addValue(height))
                                .build());
        assertRefused(example, "expected");
    }

    private static Example.Builder example() throws IOException {
        return Example.parseFrom(ImageExample.of(2, 1, 0, new float[6]).toBytes()).toBuilder();
    }

    private static void assertRefused(Example.Builder example, String problem) {
        ByteBuffer record = ByteBuffer.wrap(example.build().toByteArray());
        assertThatThrownBy(() -> ImageExample.parse(record, "here"))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith("here: ")
                .hasMessageContaining(problem);
    }
}
