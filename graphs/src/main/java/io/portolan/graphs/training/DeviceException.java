package io.portolan.graphs.training;

/** Thrown if a requested device is not available. The message says what to do. */
public class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }
}
