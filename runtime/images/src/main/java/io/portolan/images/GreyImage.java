package io.portolan.images;

/**
 * An 8-bit grey image; 0 is black, 255 white.
 *
 * @param pixels one unsigned byte each, row-major; not copied
 */
record GreyImage(int width, int height, byte[] pixels) {
    GreyImage {
        if (pixels.length != Shapes.elements(height, width)) {
            throw new IllegalArgumentException(
                    width + "x" + height + " pixels need as many bytes, not " + pixels.length);
        }
    }
}
