package io.portolan.graphs.config;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The facts about a configuration that follow from the shapes and names of a checkpoint's arrays
 * ({@code docs/model.md}, section 5).
 *
 * @param fields the fields that the arrays determine
 * @param gateWidth H·(⌊W/2⌋+1) of the cells' feature map
 */
record TreeFacts(Map<Field, String> fields, long gateWidth) {

    /**
     * @throws ConfigException if the tree is not that of a SimpleCSSM
     */
    static TreeFacts of(Checkpoint checkpoint) {
        ParameterTree tree = checkpoint.parameters();
        Map<Field, String> fields = new EnumMap<>(Field.class);

        ParameterTree cell = tree.subtree("cssm_0");
        if (cell.isEmpty()) {
            throw new ConfigException("the checkpoint is not a SimpleCSSM: there is no array under 'cssm_0'; found "
                    + String.join(", ", tree.children()));
        }
        CellType type = cellType(cell);
        fields.put(Field.CELL, type.label());
        fields.put(Field.DEPTH, Integer.toString(depth(tree)));
        long channels = dimension(tree, "conv1/bias", 1, 0);
        if (channels % 2 != 0) {
            throw new ConfigException("'conv1/bias' gives embed_dim " + channels
                    + "; expected an even number: positions rotate channels in pairs");
        }
        fields.put(Field.CHANNELS, Long.toString(channels));
        fields.put(Field.CLASSES, Long.toString(dimension(tree, "head/bias", 1, 0)));
        String kernel = type == CellType.HGRU_BI ? "k_exc" : "kernel";
        fields.put(Field.KERNEL_SIZE, Long.toString(dimension(tree, "cssm_0/" + kernel, 3, 2)));
        fields.put(Field.NORM, (checkpoint.batchStatistics().isEmpty() ? NormType.LAYER : NormType.BATCH).label());
        if (tree.contains("pos_embed")) {
            fields.put(Field.POSITIONS, PositionMode.LEARNABLE.label());
        }
        return new TreeFacts(fields, dimension(tree, "cssm_0/C_gate/bias", 1, 0));
    }

    /** The cell that the arrays belong to. */
    CellType cell() {
        return Choice.parse(CellType.class, Field.CELL.label(), fields.get(Field.CELL));
    }

    /**
     * The largest square image whose feature map gives the gates' width: four times the side of the map. Empty if no
     * square map does.
     */
    Optional<ImageSize> squareImage() {
        for (int side = 1; (long) side * (side / 2 + 1) <= gateWidth; side++) {
            if ((long) side * (side / 2 + 1) == gateWidth) {
                return Optional.of(new ImageSize(4 * side, 4 * side));
            }
        }
        return Optional.empty();
    }

    private static CellType cellType(ParameterTree cell) {
        if (cell.contains("w_qk")) {
            return CellType.TRANSFORMER;
        }
        if (cell.contains("k_exc") && cell.contains("E_gate")) {
            return CellType.HGRU_BI;
        }
        if (cell.contains("delta_gate") && cell.contains("kernel") && !cell.contains("k_exc")) {
            return CellType.GATED;
        }
        throw new ConfigException(
                "no supported cell has the arrays under 'cssm_0': " + String.join(", ", cell.children())
                        + "; expected transformer (w_qk), hgru_bi (k_exc, E_gate) or gated (delta_gate, kernel)");
    }

    private static int depth(ParameterTree tree) {
        int depth = 1;
        while (tree.contains("cssm_" + depth)) {
            depth++;
        }
        return depth;
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
