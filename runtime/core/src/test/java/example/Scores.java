package example;

import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.Tensor;
import java.nio.file.Path;
import java.util.Map;

/** Any ONNX model: float32 images in, float32 scores out. */
public final class Scores {
    private Scores() {}

    public static float[] of(Path model, float[] pixels) {
        try (OnnxModel onnx = OnnxModel.load(model)) {
            Tensor image = Tensor.of(pixels, 1, 16, 16, 3);
            return onnx.run(Map.of("image", image)).get("logits").floats();
        }
    }
}
