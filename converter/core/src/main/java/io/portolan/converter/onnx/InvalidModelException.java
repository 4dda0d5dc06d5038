package io.portolan.converter.onnx;

/** Thrown when the ONNX checker rejects a model. */
public final class InvalidModelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
