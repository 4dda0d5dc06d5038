package io.portolan.graphs.data;

import io.portolan.checkpoints.files.InputFile;
import io.portolan.images.ImageInput;
import io.portolan.images.ImagePreprocessor;
import io.portolan.images.Normalization;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;

/** Converts 8-bit images to model input as the reference does. */
final class GreyInput {
    private final ImageInput input;
    private final ImagePreprocessor preprocessor;

    /** @param input still images */
    GreyInput(ImageInput input) {
        this.input = input;
        this.preprocessor = new ImagePreprocessor(input.height(), input.width(), Normalization.IMAGENET);
    }

    ImageInput input() {
        return input;
    }

    /** Loads an image file. */
    void load(Path file, float[] target, int offset) throws IOException {
        put(preprocessor.preprocess(InputFile.require(file)), target, offset);
    }

    /** Loads (height, width) grey pixels. */
    void load(byte[] pixels, int height, int width, float[] target, int offset) {
        put(preprocessor.preprocess(image(pixels, height, width)), target, offset);
    }

    /** (height, width) grey pixels as an image. */
    static BufferedImage image(byte[] pixels, int height, int width) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, width, height, pixels);
        return image;
    }

    private static void put(float[] values, float[] target, int offset) {
        System.arraycopy(values, 0, target, offset, values.length);
    }
}
