package io.portolan.checkpoints.ocdbt;

import io.portolan.checkpoints.values.CheckpointException;

/** What a whole database may take: its parts are bounded each, but a small file may name them many times. */
final class Budget {
    private static final int MOST_NODES = 100_000;
    private static final int MOST_KEYS = 2_000_000;
    private static final int MOST_TEXT = 256 << 20;

    private int nodes;
    private int keys;
    private long text;

    void takeNode(String name) throws CheckpointException {
        require(name, ++nodes <= MOST_NODES, MOST_NODES + " visits of nodes");
    }

    void takeKey(String name) throws CheckpointException {
        require(name, ++keys <= MOST_KEYS, MOST_KEYS + " keys");
    }

    void takeText(String name, int length) throws CheckpointException {
        text += length;
        require(name, text <= MOST_TEXT, MOST_TEXT + " bytes of keys and paths");
    }

    private static void require(String name, boolean within, String limit) throws CheckpointException {
        if (!within) {
            throw new CheckpointException(
                    name + ": more than " + limit + ": expected fewer; a real checkpoint needs far fewer");
        }
    }
}
