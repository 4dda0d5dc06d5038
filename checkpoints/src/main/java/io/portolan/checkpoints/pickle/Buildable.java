package io.portolan.checkpoints.pickle;

/** A value that a constructor left unfinished and that BUILD completes. */
interface Buildable {
    void build(Object state, Meter meter) throws Malformed;
}
