package io.portolan.images;

/** A file is an image, but of a format or a variant that is not decoded here. */
public final class UnsupportedImageException extends PreprocessingException {
    UnsupportedImageException(String message) {
        super(message);
    }
}
