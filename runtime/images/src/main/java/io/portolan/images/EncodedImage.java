package io.portolan.images;

/**
 * A PNG or JPEG file that was looked through: it is whole, as far as one sees without decoding it.
 *
 * @param width in pixels
 * @param height in pixels
 * @param bytes the file without what does not change its pixels, such as profiles, texts and thumbnails
 */
record EncodedImage(ImageFormat format, int width, int height, byte[] bytes) {}
