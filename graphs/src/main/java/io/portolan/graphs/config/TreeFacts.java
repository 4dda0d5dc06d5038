package io.portolan.graphs.config;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the shapes and names of a checkpoint's arrays say about the fields of a SimpleCSSM ({@code docs/model.md}, section
 * 5).
 *
 * @param cell the cell that the arrays belong to
 * @param fields the fields that are certain
 * @param stemHasStatistics whether the stem has running statistics, as batch norm has
 * @param bodyHasStatistics whether the readout has
 */
record TreeFacts(CellType cell, Map<Field, String> fields, boolean stemHasStatistics, boolean bodyHasStatistics) {

    /**
     * Reads the facts off the arrays.
     *
     * @throws ConfigException if no supported cell has these arrays, or they are not a SimpleCSSM's
     */
    static TreeFacts of(Checkpoint checkpoint) {
        ParameterTree tree = checkpoint.parameters();
        Map<Field, String> fields = new EnumMap<>(Field.class);
        ParameterTree first = tree.subtree("cssm_0");
        CellType cell = CellType.of(first);
        fields.put(Field.CELL, cell.label());
        fields.put(Field.DEPTH, Integer.toString(Traces.numbered(tree, "cssm_", 0)));
        long channels = dimension(tree, "conv1/bias", 1, 0);
        if (channels % 2 != 0) {
            throw new ConfigException("'conv1/bias' gives embed_dim " + channels
                    + "; expected an even number: positions rotate channels in pairs");
        }
        fields.put(Field.CHANNELS, Long.toString(channels));
        fields.put(Field.CLASSES, Long.toString(dimension(tree, "head/bias", 1, 0)));
        cell.kernelSize(first).ifPresent(size -> fields.put(Field.KERNEL_SIZE, Long.toString(size)));
        if (tree.contains("pos_embed")) {
            fields.put(Field.POSITIONS, PositionMode.LEARNABLE.label());
        } else if (tree.contains("temporal_embed")) {
            fields.put(Field.POSITIONS, PositionMode.SEPARATE.label());
        }
        ParameterTree statistics = checkpoint.batchStatistics();
        return new TreeFacts(cell, fields, statistics.contains("norm1"), statistics.contains("norm_pre"));
    }

    private static long dimension(ParameterTree tree, String path, int rank, int axis) {
        ArrayData array = tree.find(path)
                .orElseThrow(() ->
                        new ConfigException("the checkpoint has no array '" + path + "', which a SimpleCSSM needs"));
        if (array.rank() != rank) {
            throw new ConfigException("array '" + path + "' is " + array + "; expected rank " + rank);
        }
        return array.shape()[axis];
    }
}
