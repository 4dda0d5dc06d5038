package io.portolan.cli;

import io.portolan.graphs.training.Evaluator;
import io.portolan.runtime.ImageClassifier;

/** Evaluators of ONNX files on labelled data. */
final class Evaluators {
    private Evaluators() {}

    static Evaluator of(ImageClassifier model) {
        return new Evaluator(
                model.metadata().labels().size(), samples -> flat(model.logits(samples.images(), samples.count())));
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
