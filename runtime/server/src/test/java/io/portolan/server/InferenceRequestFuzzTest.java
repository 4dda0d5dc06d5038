package io.portolan.server;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.TinyModels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as an inference request. A replay of the samples normally; a search for worse with the profile "fuzz". */
@Tag("fuzz")
class InferenceRequestFuzzTest {
    private static final List<OnnxModel> MODELS = Stream.of(
                    TensorProto.DataType.FLOAT,
                    TensorProto.DataType.STRING,
                    TensorProto.DataType.UINT64,
                    TensorProto.DataType.BOOL)
            .map(InferenceRequestFuzzTest::model)
            .toList();

    private static OnnxModel model(TensorProto.DataType type) {
        byte[] bytes = TinyModels.unary("Identity", type, TinyModels.OPEN, TinyModels.OPEN)
                .build()
                .toByteArray();
        return OnnxModel.load("in", bytes, RuntimeOptions.defaults().withThreads(1));
    }

    @MethodSource("samples")
    @FuzzTest(maxDuration = "10m")
    void anyBytesAreARequestOrRefused(byte[] bytes) {
        if (bytes == null) {
            return;
        }
        for (OnnxModel model : MODELS) {
            // All JSON, and with a binary part.
            read(model, bytes, bytes.length);
            read(model, bytes, bytes.length * 3 / 4);
        }
    }

    private static void read(OnnxModel model, byte[] bytes, int jsonLength) {
        try {
            InferenceRequestReader.read(new InferenceRequestBuilder(model), bytes, jsonLength);
        } catch (HttpError refused) {
            String message = refused.getMessage();
            // Names in it are the client's, so that any word may be there.
            if (message.isBlank() || message.length() > 1001 || message.chars().anyMatch(Character::isISOControl)) {
                throw new AssertionError("a refusal that does not help: " + message, refused);
            }
        }
    }

    static List<byte[]> samples() {
        return Stream.of(
                        "{\"inputs\": [{\"name\": \"in\", \"shape\": [1, 2], \"datatype\": \"FP32\", \"data\": [1, \"NaN\"]}]}",
                        "{\"inputs\": [{\"name\": \"in\", \"shape\": [2, 1], \"datatype\": \"BYTES\", \"data\": [[\"\\ud83d\\ude00\"], [\"\"]]}]}",
                        "{\"inputs\": [{\"data\": [[18446744073709551615]], \"name\": \"in\", \"shape\": [1, 1], \"datatype\": \"UINT64\"}]}",
                        "{\"id\": \"a\", \"outputs\": [{\"name\": \"out\", \"parameters\": {\"binary_data\": true, \"classification\": 1}}], \"inputs\":"
                                + " [{\"name\": \"in\", \"shape\": [1, 1], \"datatype\": \"BOOL\", \"parameters\": {\"binary_data_size\": 1}}]}\1",
                        "{\"inputs\": [{\"name\": \"in\", \"shape\": [1, 1], \"datatype\": \"BOOL\", \"data\": [true]}], \"parameters\": null}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
