package io.portolan.converter.onnx;

/** ONNX's checker does not accept a model. */
public final class InvalidModelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
