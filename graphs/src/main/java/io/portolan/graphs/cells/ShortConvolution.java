package io.portolan.graphs.cells;

/**
 * A convolution of each channel by a few weights, over the map or over the steps so far.
 *
 * @param name of the layer
 * @param size how many weights (of a side, over the map); 0 for none
 */
record ShortConvolution(String name, int size) {
    static final ShortConvolution NONE = new ShortConvolution("", 0);

    boolean isNone() {
        return size == 0;
    }
}
