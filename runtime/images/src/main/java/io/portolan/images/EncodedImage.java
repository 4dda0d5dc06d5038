package io.portolan.images;

/**
 * A validated PNG or JPEG file, complete as far as can be seen without decoding it.
 *
 * @param width in pixels
 * @param height in pixels
 * @param bytes the file without data that do not affect its pixels, such as profiles, texts and thumbnails
 */
record EncodedImage(ImageFormat format, int width, int height, byte[] bytes) {}
