package io.portolan.checkpoints;

/** A class that tells when it is initialised. */
final class Tripwire {
    static {
        InertnessTest.loaded = true;
    }

    private Tripwire() {}
}
