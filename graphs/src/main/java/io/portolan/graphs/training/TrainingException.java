package io.portolan.graphs.training;

/** Thrown if a run cannot continue. The message is one line that says at which step, and what to do. */
public class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TrainingException(String message) {
        super(message);
    }
}
