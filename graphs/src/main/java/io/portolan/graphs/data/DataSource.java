package io.portolan.graphs.data;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.data.pathfinder.Difficulty;
import io.portolan.graphs.data.pathfinder.Pathfinder;
import io.portolan.images.ImageInput;
import io.portolan.images.InputLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The name of a data source: a folder, a file, or generated images.
 *
 * @param source the path, or {@code generate:LEVEL[:COUNT[:SEED]]}
 */
public record DataSource(String source) {
    private static final String GENERATE = "generate:";
    private static final Pattern DIGITS = Pattern.compile("\\+?[0-9]{1,18}");
    private static final int COUNT = 2000;
    private static final long SEED = 1;

    /** A copy whose path is absolute, so that it is valid from any working directory. */
    public DataSource absolute() {
        return source.startsWith(GENERATE)
                ? this
                : new DataSource(Path.of(source).toAbsolutePath().normalize().toString());
    }

    /**
     * Opens the data.
     *
     * @param size size of the images; if empty, their own
     * @throws DatasetException if the data do not exist
     */
    public DatasetSplits open(Optional<ImageSize> size) throws IOException {
        return source.startsWith(GENERATE) ? generate(size) : DatasetSplits.open(Path.of(source), size);
    }

    /**
     * Adapts samples to a model's input: a model of videos gets still images as repeated frames.
     *
     * @throws DatasetException if the size or the number of frames does not match
     */
    public static Dataset as(ImageInput wanted, Dataset samples) throws DatasetException {
        ImageInput own = samples.input();
        if (own.equals(wanted)) {
            return samples;
        }
        if (wanted.channels() == 1 && own.channels() != 1) {
            return as(wanted, new GreyChannel(samples));
        }
        boolean still = own.layout() == InputLayout.NHWC;
        if (still && own.height() == wanted.height() && own.width() == wanted.width()) {
            return samples.repeated(wanted.frames());
        }
        throw new DatasetException("the data are " + describe(own) + "; the model takes " + describe(wanted));
    }

    private static String describe(ImageInput input) {
        String size = input.height() + "x" + input.width();
        return input.layout() == InputLayout.NHWC
                ? "images of " + size
                : "videos of " + input.frames() + " frames of " + size;
    }

    private DatasetSplits generate(Optional<ImageSize> size) throws DatasetException {
        String[] parts = source.substring(GENERATE.length()).split(":", -1);
        Difficulty level = Difficulty.named(parts[0]).orElseThrow(() -> malformed("'" + parts[0] + "' is not a level"));
        Pathfinder options = level.options();
        if (size.isPresent()) {
            if (size.get().height() != size.get().width()) {
                throw malformed("generated images are square, not " + size.get().label());
            }
            options = options.scaledTo(size.get().height());
        }
        int count = parts.length > 1 ? Math.toIntExact(positive(parts[1], Integer.MAX_VALUE)) : COUNT;
        long seed = parts.length > 2 ? positive(parts[2], Long.MAX_VALUE) : SEED;
        if (parts.length > 3) {
            throw malformed("nothing may follow the seed");
        }
        return DatasetSplits.of(GeneratedDataset.of(options, seed, count), Integer.toString(options.segments()));
    }

    private long positive(String text, long largest) throws DatasetException {
        long number = DIGITS.matcher(text).matches() ? Long.parseLong(text) : 0;
        if (number < 1 || number > largest) {
            throw malformed("'" + text + "' is not a positive number");
        }
        return number;
    }

    private DatasetException malformed(String problem) {
        String levels =
                Arrays.stream(Difficulty.values()).map(Difficulty::label).collect(Collectors.joining(", "));
        return new DatasetException(
                source + ": " + problem + "; expected generate:LEVEL[:COUNT[:SEED]] with a level of " + levels);
    }
}
