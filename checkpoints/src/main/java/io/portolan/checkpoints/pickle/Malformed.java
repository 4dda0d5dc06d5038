package io.portolan.checkpoints.pickle;

/** Thrown for a malformed stream, with the problem and what was expected; {@link Machine} adds the position. */
final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String expectation;

    Malformed(String problem, String expectation) {
        super(problem, null, false, false);
        this.problem = problem;
        this.expectation = expectation;
    }

    PickleException at(String file, long offset, String opcode) {
        return new PickleException(
                file + ": " + problem + " at byte " + offset + " (" + opcode + "): expected " + expectation);
    }
}
