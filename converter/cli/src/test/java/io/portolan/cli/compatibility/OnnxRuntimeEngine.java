package io.portolan.cli.compatibility;

import ai.onnxruntime.OrtEnvironment;
import io.portolan.runtime.ModelException;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** ONNX Runtime in this process, by Portolan's own runtime. */
final class OnnxRuntimeEngine implements Engine {
    @Override
    public String name() {
        return "ONNX Runtime, Java (`com.microsoft.onnxruntime:onnxruntime`)";
    }

    @Override
    public String version() {
        return OrtEnvironment.getEnvironment().getVersion();
    }

    @Override
    public Answer run(Path file, Sample sample) throws IOException {
        float[] values = new float[(int) (Files.size(sample.file()) / Float.BYTES)];
        ByteBuffer.wrap(Files.readAllBytes(sample.file()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        try (OnnxModel model = OnnxModel.load(file, RuntimeOptions.defaults())) {
            String input = model.inputs().keySet().iterator().next();
            Tensor tensor = Tensor.of(values, sample.shape());
            return Measurement.of(() ->
                    model.run(Map.of(input, tensor)).values().iterator().next().floats());
        } catch (ModelException e) {
            throw new RefusalException(e.getMessage());
        }
    }

    @Override
    public void close() {}
}
