package io.portolan.graphs.training;

/** A device that was asked for and is not there. The message says what to do. */
public class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }
}
