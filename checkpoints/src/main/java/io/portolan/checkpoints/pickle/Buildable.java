package io.portolan.checkpoints.pickle;

/** A value that is completed by BUILD. */
interface Buildable {
    void build(Object state, Meter meter) throws Malformed;
}
