package io.portolan.graphs.config;

import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a checkpoint's arrays say about the size of the map that the cells see: the width of gates, which have a value for
 * every frequency, and arrays that have one for every place.
 */
final class MapEvidence {
    private static final int LARGEST_SIDE = 8192;
    private static final String CELL = "cssm_0/";

    /** A number that a map of some size gives. */
    private enum Measure {
        HEIGHT,
        WIDTH,
        HALF_WIDTH,
        FREQUENCIES,
        PLACES;

        long of(long height, long width) {
            return switch (this) {
                case HEIGHT -> height;
                case WIDTH -> width;
                case HALF_WIDTH -> width / 2 + 1;
                case FREQUENCIES -> height * (width / 2 + 1);
                case PLACES -> height * width;
            };
        }
    }

    /**
     * A size that must come out.
     *
     * @param what the arrays that have it
     */
    private record Required(String what, Measure measure, long size) {}

    private final List<Required> required = new ArrayList<>();

    private MapEvidence() {}

    static MapEvidence of(ParameterTree tree, CellType cell, GateType form) {
        MapEvidence evidence = new MapEvidence();
        evidence.places(tree, "pos_embed");
        evidence.places(tree, "register_tokens");
        evidence.places(tree, CELL + "pos_embed");
        boolean inSpace = cell == CellType.NO_FFT;
        gates(cell, form).forEach(gate -> {
            evidence.add(tree, gate + "_h/bias", Measure.HEIGHT);
            evidence.add(tree, gate + "_w/bias", inSpace ? Measure.WIDTH : Measure.HALF_WIDTH);
            Measure dense = inSpace ? Measure.PLACES : Measure.FREQUENCIES;
            evidence.add(tree, gate + "_up/bias", dense);
            if (form != GateType.FACTORED && form != GateType.LOW_RANK) {
                evidence.add(tree, gate + "/bias", dense);
            }
        });
        return evidence;
    }

    /** Gates whose widths are sizes of the map; one of a kind is enough, for all arrays are checked in the end. */
    private static Stream<String> gates(CellType cell, GateType form) {
        if (cell == CellType.GDN_SEQ) {
            return Stream.of();
        }
        Stream<String> inner = Stream.of("delta_proj", "d_V", "d_X", "alpha", "decay_Q");
        Stream<String> outer = Stream.of("C_gate");
        return (switch (form) {
                    case DENSE, FACTORED, LOW_RANK -> Stream.concat(outer, inner);
                    case DENSE_DECAY -> inner;
                    case DENSE_IO -> outer;
                    case SCALAR, CHANNEL, CONV, SPECTRAL_CONV -> Stream.<String>of();
                })
                .map(CELL::concat);
    }

    private void places(ParameterTree tree, String path) {
        tree.find(path).filter(array -> array.rank() == 5).map(ArrayData::shape).ifPresent(shape -> {
            required.add(new Required("'" + path + "' is " + shape[2] + " high", Measure.HEIGHT, shape[2]));
            required.add(new Required("'" + path + "' is " + shape[3] + " wide", Measure.WIDTH, shape[3]));
        });
    }

    private void add(ParameterTree tree, String path, Measure measure) {
        tree.find(path).filter(array -> array.rank() == 1).ifPresent(bias -> {
            long size = bias.shape()[0];
            required.add(new Required("'" + path + "' is " + size + " wide", measure, size));
        });
    }

    /** Whether the arrays say anything. */
    boolean isEmpty() {
        return required.isEmpty();
    }

    boolean fits(int height, int width) {
        return misfit(height, width).isEmpty();
    }

    /** The side of the square map that the arrays fit; empty if there is none, or they say nothing. */
    Optional<Integer> squareSide() {
        for (int side = 1; !isEmpty() && side <= LARGEST_SIDE; side++) {
            if (fits(side, side)) {
                return Optional.of(side);
            }
        }
        return Optional.empty();
    }

    /** An array that a map of that size does not fit, in words: what it has, and what it should have. */
    Optional<String> misfit(int height, int width) {
        return required.stream()
                .filter(size -> size.measure().of(height, width) != size.size())
                .map(size -> "a " + height + "x" + width + " map, which needs "
                        + size.measure().of(height, width) + ", but " + size.what())
                .findFirst();
    }

    /** The sizes in words. */
    String shown() {
        return required.stream().map(Required::what).distinct().findFirst().orElse("no array shows it");
    }
}
