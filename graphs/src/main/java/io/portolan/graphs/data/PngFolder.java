package io.portolan.graphs.data;

import io.portolan.checkpoints.files.InputFile;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.images.ImageDecoder;
import io.portolan.images.ImageInput;
import io.portolan.images.PreprocessingException;
import java.awt.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The published layout: {@code imgs/neg/*.png} (label 0) and {@code imgs/pos/*.png} (label 1). Samples are in the
 * reference's order: the negatives by name, then the positives by name.
 */
public final class PngFolder implements Dataset {
    static final String DIFFICULTY_PREFIX = "curv_contour_length_";
    static final String IMAGES = "imgs";
    static final List<String> LABELS = List.of("neg", "pos");
    private static final String SUFFIX = ".png";

    private final Listing listing;
    private final GreyInput grey;

    private PngFolder(Listing listing, GreyInput grey) {
        this.listing = listing;
        this.grey = grey;
    }

    /** The names of all images, without their folders to save memory. */
    private record Listing(Path images, List<String> negatives, List<String> positives) {
        int size() {
            return negatives.size() + positives.size();
        }

        int label(int index) {
            return index < negatives.size() ? 0 : 1;
        }

        Path file(int index) {
            int label = label(index);
            String name = label == 0 ? negatives.get(index) : positives.get(index - negatives.size());
            return images.resolve(LABELS.get(label)).resolve(name);
        }
    }

    /**
     * Lists a folder.
     *
     * @param folder {@code imgs}, its parent, or the root of the data set if that holds one difficulty
     * @param size size to which images are resized; if empty, the size of the first image
     * @throws DatasetException if there are no images, or several difficulties
     */
    public static PngFolder open(Path folder, Optional<ImageSize> size) throws IOException {
        Path images = images(folder);
        Listing listing = new Listing(images, names(images, 0), names(images, 1));
        if (listing.size() == 0) {
            throw new DatasetException(images + ": holds no images; expected neg/*.png and pos/*.png");
        }
        ImageSize target = size.isPresent() ? size.get() : sizeOf(listing.file(0));
        return new PngFolder(listing, new GreyInput(ImageInput.still(target.height(), target.width())));
    }

    /** Whether a folder has this layout, judged without opening any image. */
    static boolean matches(Path folder) throws IOException {
        return isImages(folder)
                || isImages(folder.resolve(IMAGES))
                || !Folders.starting(folder, DIFFICULTY_PREFIX).isEmpty();
    }

    /** Name of the difficulty, from the name of a folder. */
    String difficulty() {
        return Folders.difficulty(listing.images(), DIFFICULTY_PREFIX);
    }

    @Override
    public int size() {
        return listing.size();
    }

    @Override
    public ImageInput input() {
        return grey.input();
    }

    @Override
    public int load(int index, float[] target, int offset) throws IOException {
        grey.load(listing.file(Objects.checkIndex(index, size())), target, offset);
        return listing.label(index);
    }

    private static Path images(Path folder) throws IOException {
        if (isImages(folder)) {
            return folder;
        }
        Path around = isImages(folder.resolve(IMAGES)) ? folder : Folders.onlyOne(folder, DIFFICULTY_PREFIX);
        return around.resolve(IMAGES);
    }

    private static boolean isImages(Path folder) {
        return LABELS.stream().anyMatch(label -> Files.isDirectory(folder.resolve(label)));
    }

    private static List<String> names(Path images, int label) throws IOException {
        Path folder = images.resolve(LABELS.get(label));
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private static ImageSize sizeOf(Path file) throws IOException {
        try {
            Dimension size = ImageDecoder.sizeOf(InputFile.require(file));
            return new ImageSize(size.height, size.width);
        } catch (PreprocessingException damaged) {
            throw new DatasetException(damaged.getMessage(), damaged);
        }
    }
}
