package io.portolan.server;

import io.portolan.images.ImageInput;
import io.portolan.images.ImagePreprocessor;
import io.portolan.runtime.ElementType;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.ModelException;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.Prediction;
import io.portolan.runtime.Tensor;
import io.portolan.runtime.TensorSpec;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.LongStream;

/** Classifies the image that a request brings, with a model that Portolan exported. */
final class ImageEndpoint {
    private static final Set<String> TYPES = Set.of("image/png", "image/jpeg");
    private static final String SOURCE = "image";

    /** 4096 x 4096. */
    private static final long MOST_PIXELS = 1L << 24;

    /** What a decoder takes for a pixel at most, twice over: its place, a second one where it unpacks to, and the grey image. */
    private static final int BYTES_PER_PIXEL = 32;

    private final ServedModel model;
    private final ModelMetadata metadata;
    private final ImagePreprocessor preprocessor;
    private final String input;
    private final String output;
    private final DecodingThreads decoders;
    private final long maxPixels;
    private final Executor workers;

    /**
     * @param decoders threads that decode images
     * @param workers threads that write answers
     * @throws ModelException if the model does not classify such images as its metadata says
     */
    ImageEndpoint(ServedModel model, DecodingThreads decoders, Executor workers) {
        this.model = model;
        this.metadata = model.metadata().orElseThrow();
        ImageInput image = metadata.input();
        this.preprocessor = new ImagePreprocessor(image.height(), image.width(), metadata.normalization());
        this.input = only("input", model.model().inputs(), image.sampleShape());
        this.output = only("output", model.model().outputs(), metadata.labels().size());
        this.decoders = decoders;
        this.maxPixels = Math.min(MOST_PIXELS, Runtime.getRuntime().maxMemory() / BYTES_PER_PIXEL / decoders.count());
        this.workers = workers;
    }

    private String only(String direction, Map<String, TensorSpec> specs, long... sample) {
        TensorSpec spec = specs.values().iterator().next();
        long rows = spec.shape().length == 0 ? 0 : Math.max(1, spec.shape()[0]);
        if (specs.size() != 1 || spec.type() != ElementType.FLOAT || !spec.fits(batch(rows, sample))) {
            throw new ModelException(model.name() + ": the " + direction + " is " + specs
                    + ", which is not what the metadata says; export the model again");
        }
        return specs.keySet().iterator().next();
    }

    private static long[] batch(long rows, long... sample) {
        return LongStream.concat(LongStream.of(rows), LongStream.of(sample)).toArray();
    }

    CompletableFuture<Answer> answer(Call call) {
        call.requireType(TYPES);
        return call.body().get()
                .thenApplyAsync(this::sample, decoders.executor())
                .thenCompose(sample -> model.infer(Map.of(input, sample)))
                .thenApplyAsync(this::verdict, workers);
    }

    /** Runs the model a few times, so that the first client finds everything loaded and memory allotted. */
    void warmUp() {
        for (int run = 0; run < ImageClassifier.WARM_UP_RUNS; run++) {
            model.infer(Map.of(input, emptySample())).join();
        }
    }

    private Tensor emptySample() {
        return Tensor.allocate(ElementType.FLOAT, batch(1, metadata.input().sampleShape()));
    }

    private Tensor sample(byte[] file) {
        float[] image = preprocessor.preprocess(SOURCE, new ByteArrayInputStream(file), maxPixels);
        Tensor sample = emptySample();
        float[] frames = Arrays.copyOf(image, sample.size());
        metadata.input().repeatFirstFrame(frames, 0);
        sample.writable().asFloatBuffer().put(frames);
        return sample;
    }

    private Answer verdict(Map<String, Tensor> outputs) {
        float[] logits = new float[metadata.labels().size()];
        outputs.get(output).data().asFloatBuffer().get(logits);
        Map<String, Object> fields = Prediction.of(SOURCE, logits, metadata.labels()).toMap();
        fields.put("labels", metadata.labels());
        fields.put("model_name", model.name());
        return Answer.json(200, fields);
    }
}
