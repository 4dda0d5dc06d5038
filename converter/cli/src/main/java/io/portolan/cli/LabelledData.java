package io.portolan.cli;

/** How the help describes the data sets that commands take. */
final class LabelledData {
    static final String DESCRIPTION = "A data set: folder of PNG files or TFRecords, .tfrecord, .npz; or"
            + " generate:LEVEL[:COUNT[:SEED]], such as generate:easiest:5000, to draw Pathfinder pictures on demand (default: 2000 with seed 1).";

    private LabelledData() {}
}
