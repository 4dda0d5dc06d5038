package io.portolan.checkpoints.pickle;

/** A value whose data stand in the file right after the BUILD that describes it, outside the instructions. */
interface InlineData {
    /**
     * Reads the data.
     *
     * @param machine the machine, which can run a pickle among the data
     */
    void read(PickleInput input, Machine machine) throws Malformed;
}
