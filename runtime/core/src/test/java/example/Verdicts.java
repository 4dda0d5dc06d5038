package example;

import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.Prediction;
import java.nio.file.Path;

/** One for the whole service; any number of threads may ask it at the same time. */
public final class Verdicts implements AutoCloseable {
    private final ImageClassifier classifier;

    public Verdicts(Path model) {
        classifier = ImageClassifier.load(model);
        classifier.warmUp();
    }

    public String on(Path image) {
        Prediction prediction = classifier.classify(image);
        return String.format("%s, %.1f %%", prediction.label(), 100 * prediction.confidence());
    }

    @Override
    public void close() {
        classifier.close();
    }
}
