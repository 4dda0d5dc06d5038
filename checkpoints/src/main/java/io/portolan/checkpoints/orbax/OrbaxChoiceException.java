package io.portolan.checkpoints.orbax;

import io.portolan.checkpoints.values.CheckpointException;
import java.util.List;

/** Thrown if a directory does not have the step or item that is to be read. */
public final class OrbaxChoiceException extends CheckpointException {
    private static final long serialVersionUID = 1L;

    /** What is to be chosen. */
    public enum Subject {
        STEP,
        ITEM
    }

    private final Subject subject;
    private final transient List<String> choices;

    OrbaxChoiceException(String message, Subject subject, List<String> choices) {
        super(message);
        this.subject = subject;
        this.choices = List.copyOf(choices);
    }

    public Subject subject() {
        return subject;
    }

    /** What there is to choose from; empty if there is no choice. */
    public List<String> choices() {
        return choices;
    }
}
