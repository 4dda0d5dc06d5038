package io.portolan.images;

/**
 * Thrown if an image cannot be read or converted to model input. The message is one line and names the file, if there
 * is one.
 */
public sealed class PreprocessingException extends RuntimeException permits UnsupportedImageException {
    PreprocessingException(String message) {
        super(message);
    }

    PreprocessingException(String message, Throwable cause) {
        super(message, cause);
    }
}
