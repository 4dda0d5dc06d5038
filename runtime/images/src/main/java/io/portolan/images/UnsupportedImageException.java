package io.portolan.images;

/** Thrown if a file is an image of an unsupported format or variant. */
public final class UnsupportedImageException extends PreprocessingException {
    UnsupportedImageException(String message) {
        super(message);
    }
}
