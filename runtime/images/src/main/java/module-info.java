/** What a model sees of an image: decoding, resizing and normalisation, as Pillow does them. */
module io.portolan.images {
    // Its pictures are of this module, and methods take them.
    requires transitive java.desktop;

    exports io.portolan.images;
}
