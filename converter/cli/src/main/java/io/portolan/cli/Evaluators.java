package io.portolan.cli;

import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.training.Evaluator;
import io.portolan.runtime.ImageClassifier;
import java.util.List;

/** Evaluators of checkpoints and ONNX files on labelled data. */
final class Evaluators {
    private Evaluators() {}

    static Evaluator of(ImageClassifier model) {
        return new Evaluator(
                model.metadata().labels().size(), samples -> flat(model.logits(samples.images(), samples.count())));
    }

    static Evaluator of(ModelGraph model, int classes) {
        List<String> logits = List.of(ModelGraph.LOGITS);
        return new Evaluator(
                classes, samples -> model.run(samples.images(), logits).get(ModelGraph.LOGITS));
    }

    private static float[] flat(float[][] logits) {
        int classes = logits[0].length;
        float[] flat = new float[logits.length * classes];
        for (int i = 0; i < logits.length; i++) {
            System.arraycopy(logits[i], 0, flat, i * classes, classes);
        }
        return flat;
    }
}
