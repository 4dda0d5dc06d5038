package io.portolan.graphs.config;

/** Height and width in pixels, written {@code 24x40}, or {@code 64} for a square. */
public record ImageSize(int height, int width) {
    /** Larger than any real model; it stops a typing error from asking for more memory than there is. */
    static final int LARGEST = 8192;

    /**
     * @throws ConfigException if the text is not a size
     */
    public static ImageSize parse(String text) {
        String[] sides = text.split("x", -1);
        try {
            int height = Integer.parseInt(sides[0]);
            int width = Integer.parseInt(sides[sides.length - 1]);
            if (sides.length <= 2 && Math.min(height, width) > 0 && Math.max(height, width) <= LARGEST) {
                return new ImageSize(height, width);
            }
        } catch (NumberFormatException notANumber) {
            // Falls through to the common message for malformed sizes.
        }
        throw new ConfigException("configuration: " + Field.IMAGE_SIZE.label() + " '" + text
                + "' is not a size; expected HEIGHTxWIDTH in pixels, such as 64x64, each at most " + LARGEST);
    }

    public String label() {
        return height + "x" + width;
    }
}
