package io.portolan.server;

import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.ImageTask;
import io.portolan.runtime.ModelException;
import io.portolan.runtime.Tensor;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The endpoint that classifies the image in a request with a model that Portolan exported. */
final class ImageEndpoint {
    private static final Set<String> TYPES = Set.of("image/png", "image/jpeg");
    private static final String SOURCE = "image";

    /** Largest number of pixels, 4096 x 4096. */
    private static final long MOST_PIXELS = 1L << 24;

    /**
     * Twice the largest memory of a decoder per pixel: the pixel, a second copy where it decompresses to, and the grey
     * image.
     */
    private static final int BYTES_PER_PIXEL = 32;

    private final ServedModel model;
    private final ImageTask task;
    private final DecodingThreads decoders;
    private final long maxPixels;
    private final Executor workers;

    /**
     * @param decoders threads that decode images
     * @param workers threads that write answers
     * @throws ModelException if the model does not match its metadata
     */
    ImageEndpoint(ServedModel model, DecodingThreads decoders, Executor workers) {
        this.model = model;
        this.task = ImageTask.of(model.model());
        this.decoders = decoders;
        this.maxPixels = Math.min(MOST_PIXELS, Runtime.getRuntime().maxMemory() / BYTES_PER_PIXEL / decoders.count());
        this.workers = workers;
    }

    CompletableFuture<HttpAnswer> answer(HttpCall call) {
        call.requireType(TYPES);
        return call.body()
                .get()
                .thenApplyAsync(this::sample, decoders.executor())
                .thenCompose(sample -> model.infer(task.batch(1, batch -> batch.put(sample))))
                .thenApplyAsync(this::verdict, workers);
    }

    /** Runs the model a few times, so that everything is loaded and allocated before the first request. */
    void warmUp() {
        for (int run = 0; run < ImageClassifier.WARM_UP_RUNS; run++) {
            model.infer(task.batch(1, zeros -> {})).join();
        }
    }

    private float[] sample(byte[] file) {
        return task.sample(SOURCE, new ByteArrayInputStream(file), maxPixels);
    }

    private HttpAnswer verdict(Map<String, Tensor> outputs) {
        Map<String, Object> fields;
        try {
            fields = task.prediction(SOURCE, task.logits(outputs, 1)[0]).toMap();
        } catch (ModelException failure) {
            throw HttpError.of(500, TimedModel.forClients(model.model(), failure));
        }
        fields.put("labels", task.metadata().labels());
        fields.put("model_name", model.name());
        return HttpAnswer.json(200, fields);
    }
}
