package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.portolan.images.ImageInput;
import io.portolan.images.ImagePreprocessor;
import io.portolan.images.Normalization;
import io.portolan.images.PreprocessingException;
import io.portolan.images.TestImages;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a program does with the public methods, it gets an exception or an answer, and goes on running. */
@Timeout(60)
class MisuseTest {
    private static final Class<? extends Throwable> ANSWERS = null;
    private static final Class<? extends Throwable> ARGUMENT = IllegalArgumentException.class;
    private static final Class<? extends Throwable> CLOSED = IllegalStateException.class;
    private static final Class<? extends Throwable> NULL = NullPointerException.class;
    private static final Class<? extends Throwable> MODEL = ModelException.class;
    private static final Class<? extends Throwable> IMAGE = PreprocessingException.class;

    /** The types that have or use something native, or hand it on. */
    private static final List<Class<?>> TYPES = List.of(
            OnnxModel.class,
            ModelBinding.class,
            ImageClassifier.class,
            ImageTask.class,
            RequestBatcher.class,
            CallPool.class,
            Tensor.class,
            ImagePreprocessor.class);

    /** Methods that cannot be called incorrectly. */
    private static final Set<String> HARMLESS = Set.of("equals", "hashCode", "toString", "type");

    private static final RuntimeOptions OPTIONS = RuntimeOptions.defaults();
    private static final byte[] SUM = TinyModels.sumAndDifference().build().toByteArray();
    private static final Tensor ROW = Tensor.of(new float[2], 1, 2);
    private static final Tensor WIDE = Tensor.of(new float[3], 1, 3);
    private static final Tensor DEEP = Tensor.of(new float[2], 1, 1, 2);
    private static final Tensor THREE_ROWS = Tensor.of(new float[6], 3, 2);
    private static final BufferedImage BLACK = TestImages.uniform(0, 8, 8);
    private static final Path ABSENT = Path.of("absent.png");

    @TempDir
    private Path folder;

    private OnnxModel model;
    private OnnxModel closedModel;
    private ModelBinding binding;
    private ModelBinding closedBinding;
    private ModelBinding orphan;
    private ImageClassifier classifier;
    private ImageClassifier closedClassifier;
    private ImageTask task;
    private RequestBatcher batcher;
    private RequestBatcher closedBatcher;
    private byte[] described;

    /** What is called, how, and what comes of it. */
    private record Misuse(String method, String how, Class<? extends Throwable> expected, ThrowingCallable call) {}

    private void open() {
        Map<String, long[]> rows = Map.of("a", ROW.shape(), "b", ROW.shape());
        model = OnnxModel.load("sum", SUM, OPTIONS);
        closedModel = OnnxModel.load("sum", SUM, OPTIONS);
        binding = model.bind(rows);
        closedBinding = model.bind(rows);
        orphan = closedModel.bind(rows);
        ImageInput input = ImageInput.still(8, 8);
        described = TinyModels.describe(
                        TinyModels.brightness(TinyModels.OPEN, input),
                        TinyModels.metadata(input).toMap())
                .build()
                .toByteArray();
        classifier = ImageClassifier.load("tiny", described, OPTIONS, 2);
        closedClassifier = ImageClassifier.load("tiny", described, OPTIONS, 2);
        try (OnnxModel once = OnnxModel.load("tiny", described, OPTIONS)) {
            task = ImageTask.of(once);
        }
        batcher = new RequestBatcher(classifier, 2, Duration.ZERO);
        closedBatcher = new RequestBatcher(classifier, 2, Duration.ZERO);
        Stream.of(closedModel, closedBinding, closedClassifier, closedBatcher).forEach(MisuseTest::close);
    }

    private void close() {
        Stream.of(batcher, orphan, binding, classifier, model).forEach(MisuseTest::close);
    }

    @TestFactory
    Stream<DynamicTest> givesAnExceptionOrAnAnswer() {
        return misuses().stream()
                .map(misuse -> DynamicTest.dynamicTest(misuse.method() + ": " + misuse.how(), () -> {
                    open();
                    Throwable thrown = catchThrowable(misuse.call());
                    if (misuse.expected() == ANSWERS) {
                        assertThat(thrown).isNull();
                    } else {
                        assertThat(thrown).isInstanceOf(misuse.expected());
                    }
                    assertThatCode(() -> {
                                model.run(feeds(ROW, ROW));
                                classifier.classify(BLACK);
                                binding.run();
                            })
                            .doesNotThrowAnyException();
                    close();
                }));
    }

    @Test
    void everyPublicMethodIsAmongThem() {
        Set<String> methods = new TreeSet<>();
        for (Class<?> type : TYPES) {
            methods.add(type.getSimpleName() + ".new");
            for (Method method : type.getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers())
                        && !method.isSynthetic()
                        && !HARMLESS.contains(method.getName())) {
                    methods.add(type.getSimpleName() + "." + method.getName());
                }
            }
        }
        // Those are made by the methods of others.
        methods.removeAll(Set.of("OnnxModel.new", "ModelBinding.new", "ImageClassifier.new", "ImageTask.new"));

        assertThat(misuses()).extracting(Misuse::method).containsAll(methods);
    }

    private List<Misuse> misuses() {
        List<Misuse> all = new ArrayList<>();
        all.addAll(ofModels());
        all.addAll(ofBindings());
        all.addAll(ofClassifiers());
        all.addAll(ofTasks());
        all.addAll(ofBatchers());
        all.addAll(ofValues());
        return all;
    }

    private List<Misuse> ofModels() {
        return List.of(
                new Misuse("OnnxModel.load", "no file", MODEL, () -> OnnxModel.load(ABSENT)),
                new Misuse("OnnxModel.load", "a folder", MODEL, () -> OnnxModel.load(folder)),
                new Misuse("OnnxModel.load", "no bytes", MODEL, () -> OnnxModel.load("empty", new byte[0], OPTIONS)),
                new Misuse(
                        "OnnxModel.load",
                        "half a model",
                        MODEL,
                        () -> OnnxModel.load("half", Arrays.copyOf(SUM, SUM.length / 2), OPTIONS)),
                new Misuse("OnnxModel.load", "null", NULL, () -> OnnxModel.load((Path) null)),
                new Misuse("OnnxModel.load", "null for bytes", NULL, () -> OnnxModel.load("null", null, OPTIONS)),
                new Misuse("OnnxModel.load", "null for options", NULL, () -> OnnxModel.load("sum", SUM, null)),
                new Misuse("OnnxModel.runtimeVersion", "no model", ANSWERS, OnnxModel::runtimeVersion),
                new Misuse("OnnxModel.name", "closed", ANSWERS, () -> closedModel.name()),
                new Misuse("OnnxModel.options", "closed", ANSWERS, () -> closedModel.options()),
                new Misuse("OnnxModel.inputs", "closed", CLOSED, () -> closedModel.inputs()),
                new Misuse(
                        "OnnxModel.inputs",
                        "changed",
                        UnsupportedOperationException.class,
                        () -> model.inputs().clear()),
                new Misuse(
                        "OnnxModel.inputs",
                        "a shape changed",
                        ANSWERS,
                        () -> model.inputs().get("a").shape()[1] = 7),
                new Misuse("OnnxModel.optionalInputs", "closed", CLOSED, () -> closedModel.optionalInputs()),
                new Misuse("OnnxModel.outputs", "closed", CLOSED, () -> closedModel.outputs()),
                new Misuse("OnnxModel.metadata", "closed", CLOSED, () -> closedModel.metadata()),
                new Misuse(
                        "OnnxModel.metadata",
                        "changed",
                        UnsupportedOperationException.class,
                        () -> model.metadata().put("a", "b")),
                new Misuse("OnnxModel.run", "closed", CLOSED, () -> closedModel.run(feeds(ROW, ROW))),
                new Misuse("OnnxModel.run", "no inputs", ARGUMENT, () -> model.run(Map.of())),
                new Misuse("OnnxModel.run", "another name", ARGUMENT, () -> model.run(Map.of("a", ROW, "c", ROW))),
                new Misuse(
                        "OnnxModel.run",
                        "one input too many",
                        ARGUMENT,
                        () -> model.run(Map.of("a", ROW, "b", ROW, "c", ROW))),
                new Misuse("OnnxModel.run", "wrong width", ARGUMENT, () -> model.run(feeds(ROW, WIDE))),
                new Misuse("OnnxModel.run", "wrong rank", ARGUMENT, () -> model.run(feeds(ROW, DEEP))),
                new Misuse(
                        "OnnxModel.run",
                        "another type",
                        ARGUMENT,
                        () -> model.run(feeds(ROW, Tensor.allocate(ElementType.DOUBLE, 1, 2)))),
                new Misuse(
                        "OnnxModel.run",
                        "rows that do not match",
                        ARGUMENT,
                        () -> model.run(feeds(THREE_ROWS, Tensor.of(new float[4], 2, 2)))),
                new Misuse(
                        "OnnxModel.run",
                        "too large an answer",
                        OutputTooLargeException.class,
                        () -> model.run(feeds(ROW, ROW), 1)),
                new Misuse(
                        "OnnxModel.leastOutputBytes",
                        "closed",
                        CLOSED,
                        () -> closedModel.leastOutputBytes(shapes(1, 2))),
                new Misuse(
                        "OnnxModel.leastOutputBytes",
                        "beyond all numbers",
                        ANSWERS,
                        () -> model.leastOutputBytes(shapes(Long.MAX_VALUE, 2))),
                new Misuse("OnnxModel.run", "null", NULL, () -> model.run(null)),
                new Misuse("OnnxModel.run", "null for a tensor", NULL, () -> model.run(withNull("a", ROW, "b"))),
                new Misuse("OnnxModel.bind", "closed", CLOSED, () -> closedModel.bind(shapes(1, 2))),
                new Misuse("OnnxModel.bind", "open dimension", ARGUMENT, () -> model.bind(shapes(-1, 2))),
                new Misuse("OnnxModel.bind", "beyond all memory", ARGUMENT, () -> model.bind(shapes(1L << 40, 2))),
                new Misuse("OnnxModel.bind", "overflow", ARGUMENT, () -> model.bind(shapes(Long.MAX_VALUE, 2))),
                new Misuse("OnnxModel.bind", "wrong width", ARGUMENT, () -> model.bind(shapes(1, 3))),
                new Misuse("OnnxModel.bind", "scalar", ARGUMENT, () -> model.bind(shapes())),
                new Misuse("OnnxModel.bind", "no inputs", ARGUMENT, () -> model.bind(Map.of())),
                new Misuse(
                        "OnnxModel.bind",
                        "no rows",
                        ANSWERS,
                        () -> model.bind(shapes(0, 2)).run()),
                new Misuse("OnnxModel.bind", "null", NULL, () -> model.bind(null)),
                new Misuse("OnnxModel.close", "again", ANSWERS, () -> closedModel.close()));
    }

    private List<Misuse> ofBindings() {
        return List.of(
                new Misuse("ModelBinding.input", "closed", CLOSED, () -> closedBinding.input("a")),
                new Misuse("ModelBinding.input", "another name", ARGUMENT, () -> binding.input("sum")),
                new Misuse("ModelBinding.input", "null", ARGUMENT, () -> binding.input(null)),
                new Misuse("ModelBinding.input", "written after closing", ANSWERS, () -> {
                    FloatBuffer kept = binding.input("a");
                    ModelBinding other = model.bind(shapes(1, 2));
                    FloatBuffer stale = other.input("a");
                    other.close();
                    System.gc();
                    stale.put(0, 1).put(1, kept.get(0));
                }),
                new Misuse(
                        "ModelBinding.input",
                        "too much",
                        BufferOverflowException.class,
                        () -> binding.input("a").put(new float[3])),
                new Misuse("ModelBinding.inputBytes", "closed", CLOSED, () -> closedBinding.inputBytes("a")),
                new Misuse(
                        "ModelBinding.inputBytes",
                        "too much",
                        BufferOverflowException.class,
                        () -> binding.inputBytes("a").put(new byte[9])),
                new Misuse("ModelBinding.outputBytes", "closed", CLOSED, () -> closedBinding.outputBytes("sum")),
                new Misuse(
                        "ModelBinding.outputBytes",
                        "written",
                        ReadOnlyBufferException.class,
                        () -> binding.outputBytes("sum").put(0, (byte) 1)),
                new Misuse("ModelBinding.output", "closed", CLOSED, () -> closedBinding.output("sum")),
                new Misuse("ModelBinding.output", "another name", ARGUMENT, () -> binding.output("a")),
                new Misuse(
                        "ModelBinding.output",
                        "of a closed model",
                        ANSWERS,
                        () -> orphan.output("sum").get(0)),
                new Misuse("ModelBinding.run", "closed", CLOSED, () -> closedBinding.run()),
                new Misuse("ModelBinding.run", "of a closed model", CLOSED, () -> orphan.run()),
                new Misuse("ModelBinding.close", "again", ANSWERS, () -> closedBinding.close()),
                new Misuse("ModelBinding.close", "after the model", ANSWERS, () -> orphan.close()));
    }

    private List<Misuse> ofClassifiers() {
        int size = 8 * 8 * ImageInput.CHANNELS;
        return List.of(
                new Misuse("ImageClassifier.load", "no file", MODEL, () -> ImageClassifier.load(ABSENT)),
                new Misuse(
                        "ImageClassifier.load",
                        "undescribed",
                        MODEL,
                        () -> ImageClassifier.load("sum", SUM, OPTIONS, 1)),
                new Misuse(
                        "ImageClassifier.load",
                        "batch of nothing",
                        ARGUMENT,
                        () -> ImageClassifier.load("tiny", described, OPTIONS, 0)),
                new Misuse(
                        "ImageClassifier.load",
                        "batch beyond all memory",
                        ARGUMENT,
                        () -> ImageClassifier.load("tiny", described, OPTIONS, Integer.MAX_VALUE)),
                new Misuse(
                        "ImageClassifier.suitableBatch",
                        "null",
                        NULL,
                        () -> ImageClassifier.suitableBatch(null, Device.CPU)),
                new Misuse("ImageClassifier.metadata", "closed", CLOSED, () -> closedClassifier.metadata()),
                new Misuse("ImageClassifier.warmUp", "closed", CLOSED, () -> closedClassifier.warmUp()),
                new Misuse("ImageClassifier.classify", "closed", CLOSED, () -> closedClassifier.classify(BLACK)),
                new Misuse("ImageClassifier.classify", "no file", IMAGE, () -> classifier.classify(ABSENT)),
                new Misuse(
                        "ImageClassifier.classify",
                        "an empty stream",
                        IMAGE,
                        () -> classifier.classify("empty", InputStream.nullInputStream())),
                new Misuse("ImageClassifier.classify", "a folder", IMAGE, () -> classifier.classify(folder)),
                new Misuse("ImageClassifier.classify", "null", NULL, () -> classifier.classify((Path) null)),
                new Misuse(
                        "ImageClassifier.classify", "null for an image", NULL, () -> classifier.classify(BLACK, null)),
                new Misuse("ImageClassifier.classify", "nothing", ANSWERS, () -> classifier.classify(List.of())),
                new Misuse(
                        "ImageClassifier.classify",
                        "more names than samples",
                        ARGUMENT,
                        () -> classifier.classify(List.of("one", "two"), new float[size])),
                new Misuse("ImageClassifier.classify", "a sample that is no number", MODEL, () -> {
                    float[] sample = new float[size];
                    sample[5] = Float.NaN;
                    classifier.classify(List.of("nan"), sample);
                }),
                new Misuse(
                        "ImageClassifier.logits", "closed", CLOSED, () -> closedClassifier.logits(new float[size], 1)),
                new Misuse(
                        "ImageClassifier.logits", "too few", ARGUMENT, () -> classifier.logits(new float[size - 1], 1)),
                new Misuse(
                        "ImageClassifier.logits",
                        "fewer than none",
                        ARGUMENT,
                        () -> classifier.logits(new float[0], -1)),
                new Misuse(
                        "ImageClassifier.logits",
                        "more than an array holds",
                        ARGUMENT,
                        () -> classifier.logits(new float[size], Integer.MAX_VALUE)),
                new Misuse("ImageClassifier.logits", "null", NULL, () -> classifier.logits((float[]) null, 1)),
                new Misuse("ImageClassifier.close", "again", ANSWERS, () -> closedClassifier.close()));
    }

    private List<Misuse> ofTasks() {
        float[] nan = {Float.NaN, 0};
        return List.of(
                new Misuse("ImageTask.of", "a closed model", CLOSED, () -> ImageTask.of(closedModel)),
                new Misuse("ImageTask.of", "an undescribed model", MODEL, () -> ImageTask.of(model)),
                new Misuse("ImageTask.of", "null", NULL, () -> ImageTask.of(null)),
                new Misuse("ImageTask.metadata", "of a closed model", ANSWERS, () -> task.metadata()),
                new Misuse("ImageTask.sampleSize", "of a closed model", ANSWERS, () -> task.sampleSize()),
                new Misuse("ImageTask.sample", "no file", IMAGE, () -> task.sample(ABSENT)),
                new Misuse(
                        "ImageTask.sample",
                        "no bytes",
                        IMAGE,
                        () -> task.sample("empty", InputStream.nullInputStream(), 1)),
                new Misuse("ImageTask.sample", "null", NULL, () -> task.sample((BufferedImage) null)),
                new Misuse("ImageTask.batch", "fewer than none", ARGUMENT, () -> task.batch(-1, values -> {})),
                new Misuse("ImageTask.batch", "beyond all memory", ARGUMENT, () -> task.batch(1L << 40, values -> {})),
                new Misuse(
                        "ImageTask.batch",
                        "more than it holds",
                        BufferOverflowException.class,
                        () -> task.batch(1, values -> values.put(new float[8 * 8 * ImageInput.CHANNELS + 1]))),
                new Misuse("ImageTask.batch", "null", NULL, () -> task.batch(1, null)),
                new Misuse("ImageTask.logits", "of another model", MODEL, () -> task.logits(Map.of("logits", ROW), 2)),
                new Misuse("ImageTask.logits", "nothing", MODEL, () -> task.logits(Map.of(), 1)),
                new Misuse("ImageTask.prediction", "no number", MODEL, () -> task.prediction("nan", nan)),
                new Misuse(
                        "ImageTask.prediction",
                        "more logits than labels",
                        ARGUMENT,
                        () -> task.prediction("image", new float[3])));
    }

    private List<Misuse> ofBatchers() {
        CallPool pool = new CallPool(2);
        pool.close();
        return List.of(
                new Misuse(
                        "RequestBatcher.new",
                        "batch of nothing",
                        ARGUMENT,
                        () -> new RequestBatcher(classifier, 0, Duration.ZERO)),
                new Misuse(
                        "RequestBatcher.new",
                        "a closed classifier",
                        CLOSED,
                        () -> new RequestBatcher(closedClassifier, 1, Duration.ZERO)),
                new Misuse("RequestBatcher.new", "null", NULL, () -> new RequestBatcher(null, 1, Duration.ZERO)),
                new Misuse("RequestBatcher.classify", "closed", CLOSED, () -> closedBatcher.classify("image", BLACK)),
                new Misuse("RequestBatcher.classify", "no file", IMAGE, () -> batcher.classify(ABSENT)),
                new Misuse(
                        "RequestBatcher.classify", "too few", ARGUMENT, () -> batcher.classify("sample", new float[1])),
                new Misuse("RequestBatcher.classify", "null", NULL, () -> batcher.classify("sample", (float[]) null)),
                new Misuse("RequestBatcher.close", "again", ANSWERS, () -> closedBatcher.close()),
                new Misuse("CallPool.new", "no threads", ARGUMENT, () -> new CallPool(0)),
                new Misuse(
                        "CallPool.runAll",
                        "closed",
                        RejectedExecutionException.class,
                        () -> pool.runAll(List.of(() -> {}))),
                new Misuse("CallPool.runAll", "null", NULL, () -> pool.runAll(null)),
                new Misuse("CallPool.close", "again", ANSWERS, pool::close));
    }

    private List<Misuse> ofValues() {
        ByteBuffer eight = ByteBuffer.allocateDirect(8);
        Tensor pair = new Tensor(ElementType.FLOAT, new long[] {2}, eight);
        ImagePreprocessor preprocessor = new ImagePreprocessor(4, 4, Normalization.IMAGENET);
        return List.of(
                new Misuse("Tensor.of", "too few values", ARGUMENT, () -> Tensor.of(new float[5], 2, 3)),
                new Misuse("Tensor.of", "negative", ARGUMENT, () -> Tensor.of(new float[2], -1, -2)),
                new Misuse(
                        "Tensor.of", "overflow to zero", ARGUMENT, () -> Tensor.of(new float[0], 1L << 32, 1L << 32)),
                new Misuse("Tensor.of", "null", NULL, () -> Tensor.of(null, 2)),
                new Misuse("Tensor.floats", "changed", ANSWERS, () -> ROW.floats()[0] = 9),
                new Misuse(
                        "Tensor.floats",
                        "of another type",
                        IllegalStateException.class,
                        () -> Tensor.allocate(ElementType.INT32, 2).floats()),
                new Misuse(
                        "Tensor.new",
                        "on the heap",
                        ARGUMENT,
                        () -> new Tensor(ElementType.FLOAT, new long[] {2}, ByteBuffer.allocate(8))),
                new Misuse(
                        "Tensor.new",
                        "too short",
                        ARGUMENT,
                        () -> new Tensor(ElementType.DOUBLE, new long[] {2}, eight)),
                new Misuse("Tensor.new", "null", NULL, () -> new Tensor(null, new long[] {2}, eight)),
                new Misuse(
                        "Tensor.allocate",
                        "beyond all memory",
                        ARGUMENT,
                        () -> Tensor.allocate(ElementType.DOUBLE, 1L << 40)),
                new Misuse("Tensor.allocate", "negative", ARGUMENT, () -> Tensor.allocate(ElementType.FLOAT, -1)),
                new Misuse(
                        "Tensor.bytes", "beyond an array", ARGUMENT, () -> Tensor.bytes(ElementType.DOUBLE, 1 << 30)),
                new Misuse("Tensor.shape", "changed", ANSWERS, () -> pair.shape()[0] = 1 << 20),
                new Misuse(
                        "Tensor.data",
                        "written",
                        ReadOnlyBufferException.class,
                        () -> pair.data().put(0, (byte) 1)),
                new Misuse(
                        "Tensor.writable",
                        "too much",
                        BufferOverflowException.class,
                        () -> pair.writable().put(new byte[9])),
                new Misuse(
                        "Tensor.size",
                        "empty",
                        ANSWERS,
                        () -> Tensor.allocate(ElementType.FLOAT, 0).size()),
                new Misuse(
                        "ImagePreprocessor.new",
                        "no pixels",
                        ARGUMENT,
                        () -> new ImagePreprocessor(0, 4, Normalization.IMAGENET)),
                new Misuse("ImagePreprocessor.preprocess", "no file", IMAGE, () -> preprocessor.preprocess(ABSENT)),
                new Misuse(
                        "ImagePreprocessor.preprocess",
                        "null",
                        NULL,
                        () -> preprocessor.preprocess((BufferedImage) null)));
    }

    private static Map<String, Tensor> feeds(Tensor a, Tensor b) {
        return Map.of("a", a, "b", b);
    }

    private static Map<String, long[]> shapes(long... shape) {
        return Map.of("a", shape, "b", shape);
    }

    private static <T> Map<String, T> withNull(String name, T value, String missing) {
        Map<String, T> map = new HashMap<>(Collections.singletonMap(missing, null));
        map.put(name, value);
        return map;
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
