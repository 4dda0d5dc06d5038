package io.portolan.cli;

import io.portolan.checkpoints.files.InputFile;
import io.portolan.checkpoints.numpy.NpyFile;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.exporter.SampleSet;
import io.portolan.images.ImageInput;
import io.portolan.images.ImagePreprocessor;
import io.portolan.images.Normalization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Model inputs from files: images, folders of images, and normalised float32 arrays in {@code .npy} and {@code .npz}. */
final class Samples {
    /** An image that is piped in. */
    private static final Path STANDARD_INPUT = Path.of("-");

    private static final List<String> IMAGES = List.of(".png", ".jpg", ".jpeg");
    private static final List<String> ARRAYS = List.of(".npy", ".npz");

    private final ImageInput input;
    private final ImagePreprocessor preprocessor;

    Samples(ImageInput input, Normalization normalization) {
        this.input = input;
        this.preprocessor = new ImagePreprocessor(input.height(), input.width(), normalization);
    }

    /** One model input and its source. */
    record Sample(String source, float[] values) {}

    /** Replaces folders by the images and arrays in them, sorted by name. */
    static List<Path> expand(List<Path> paths) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (path.equals(STANDARD_INPUT) || !Files.isDirectory(path)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> content = Files.list(path)) {
                List<Path> found = content.filter(file -> hasSuffix(file, IMAGES) || hasSuffix(file, ARRAYS))
                        .sorted()
                        .toList();
                if (found.isEmpty()) {
                    throw new IOException(path + ": the folder holds no images; expected " + String.join(", ", IMAGES)
                            + " or " + String.join(", ", ARRAYS));
                }
                files.addAll(found);
            }
        }
        return files;
    }

    /** Like {@link #expand(List)}, for the paths that can be read. */
    static List<Path> expand(List<Path> paths, UnreadableInputs unreadable) {
        return paths.stream()
                .flatMap(path -> unreadable.tried(path, chosen -> expand(List.of(chosen))).orElse(List.of()).stream())
                .toList();
    }

    /** Whether an input is the file of an image: neither arrays nor what is piped in. */
    static boolean isImageFile(Path file) {
        return !file.equals(STANDARD_INPUT) && !hasSuffix(file, ARRAYS);
    }

    /** All samples of a file: one for an image, any number for an array. */
    List<Sample> read(Path file) throws IOException {
        if (file.equals(STANDARD_INPUT)) {
            String name = "standard input";
            return List.of(new Sample(name, input.inEveryFrame(preprocessor.preprocess(name, System.in))));
        }
        InputFile.require(file);
        if (isImageFile(file)) {
            return List.of(new Sample(file.toString(), input.inEveryFrame(preprocessor.preprocess(file))));
        }
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        if (hasSuffix(file, List.of(".npy"))) {
            arrays.put(file.toString(), NpyFile.read(file));
        } else {
            NpzArchive.read(file).forEach((name, array) -> arrays.put(file + ":" + name, array));
        }
        List<Sample> samples = new ArrayList<>();
        for (Map.Entry<String, ArrayData> array : arrays.entrySet()) {
            samples.addAll(split(array.getKey(), array.getValue()));
        }
        return samples;
    }

    /** Concatenates samples to a set for a comparison. */
    static SampleSet concatenated(String name, List<Sample> samples) {
        int size = samples.stream().mapToInt(sample -> sample.values().length).reduce(0, Math::addExact);
        float[] values = new float[size];
        int at = 0;
        for (Sample sample : samples) {
            System.arraycopy(sample.values(), 0, values, at, sample.values().length);
            at += sample.values().length;
        }
        return new SampleSet(name, values, samples.size());
    }

    private List<Sample> split(String source, ArrayData array) throws IOException {
        long[] sample = input.sampleShape();
        long[] shape = array.shape();
        boolean single = Arrays.equals(shape, sample);
        boolean several =
                shape.length == sample.length + 1 && Arrays.equals(Arrays.copyOfRange(shape, 1, shape.length), sample);
        if (array.type() != ElementType.FLOAT32 || !single && !several) {
            throw new IOException(source + ": is " + array + "; expected normalised float32 " + Tables.shape(sample)
                    + ", or any number of them along a leading axis");
        }
        float[] values = array.toFloats();
        if (single) {
            return List.of(new Sample(source, values));
        }
        int size = values.length / Math.max(1, (int) shape[0]);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < shape[0]; i++) {
            samples.add(new Sample(source + "[" + i + "]", Arrays.copyOfRange(values, i * size, (i + 1) * size)));
        }
        return samples;
    }

    private static boolean hasSuffix(Path file, List<String> suffixes) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return suffixes.stream().anyMatch(name::endsWith);
    }
}
